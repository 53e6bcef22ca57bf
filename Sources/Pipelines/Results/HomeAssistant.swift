import Sinks

/// The messages by which Home Assistant finds the sensors of a pipeline (its documentation, "MQTT discovery").
enum HomeAssistant {
    /// A sensor for each stream: the label of the frames, and what was said.
    static func announcements(
        prefix: String, topic: String, availability: String, device: String
    ) -> [MQTTOptions.Retained] {
        let id = String(topic.map { $0.isLetter || $0.isNumber ? $0 : "_" })
        // A result that has no answer leaves the state as it is; a state has 255 characters at most.
        let sensors = [
            (stream: "frames", name: "Label", icon: "mdi:cctv", key: "label"),
            (stream: "speech", name: "Speech", icon: "mdi:microphone-message", key: "text"),
        ]
        return sensors.map { sensor in
            var line = JSONLine()
            line.object { line in
                line.field("name", sensor.name)
                line.field("unique_id", "\(id)_\(sensor.stream)")
                line.field("icon", sensor.icon)
                line.field("state_topic", "\(topic)/\(sensor.stream)")
                line.field("value_template", "{{ (value_json.\(sensor.key) | default(this.state, true))[:255] }}")
                line.field("json_attributes_topic", "\(topic)/\(sensor.stream)")
                line.field("availability_topic", availability)
                line.object("device") { line in
                    line.field("identifiers", id)
                    line.field("name", device)
                    line.field("manufacturer", "heed")
                }
            }
            return MQTTOptions.Retained(
                topic: "\(prefix)/sensor/\(id)/\(sensor.stream)/config",
                body: String(decoding: line.bytes, as: UTF8.self))
        }
    }
}
