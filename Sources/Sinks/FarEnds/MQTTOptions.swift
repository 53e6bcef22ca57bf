import Foundation

/// What there is to know of an MQTT broker, and of the topics there.
public struct MQTTOptions: Sendable, Hashable {
    /// A message that the broker keeps for those who come later.
    public struct Retained: Sendable, Hashable {
        /// Its whole topic.
        public var topic: String
        /// What it says.
        public var body: String

        /// Makes one.
        public init(topic: String, body: String) {
            self.topic = topic
            self.body = body
        }
    }

    /// The broker's host.
    public var host: String
    /// Its port.
    public var port: Int
    /// Whether the connection is encrypted and the broker's certificate verified.
    public var isEncrypted: Bool
    /// A file of certificates to trust instead of the system's.
    public var authority: String?
    /// What all topics begin with; a message's own topic follows, and `availability`.
    public var topic = "heed"
    /// The quality of service: 0 at most once, 1 at least once, 2 exactly once.
    public var quality = 1
    /// Whether the broker keeps the last message of each topic for those who come later.
    public var retains = false
    /// Who heed is to the broker.
    public var user: String?
    /// With which password.
    public var password: Secret?
    /// What is announced with each connection, such as Home Assistant's discovery messages.
    public var announcements: [Retained] = []
    /// How long the broker may take to answer.
    public var timeout = Duration.seconds(10)

    /// Reads `mqtt://host:port` or, encrypted, `mqtts://host:port`; nil for anything else, a password in it included.
    public init?(url: String) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, ["mqtt", "mqtts"].contains(scheme),
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil,
            ["", "/"].contains(parts.path), parts.port.map((1...65535).contains) ?? true
        else { return nil }
        self.host = host
        isEncrypted = scheme == "mqtts"
        port = parts.port ?? (isEncrypted ? 8883 : 1883)
    }

    /// Where `online` or `offline` stands, retained.
    public var availability: String { topic + "/availability" }
}
