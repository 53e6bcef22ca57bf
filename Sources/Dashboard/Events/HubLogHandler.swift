import Foundation
import Logging

/// Takes what a person should know of a run, whatever else is logged of it, to whoever looks. Never waits.
struct HubLogHandler: LogHandler {
    /// A line for a person.
    private struct Notice: Encodable {
        let text: String
    }

    var logLevel = Logger.Level.notice
    var metadata: Logger.Metadata = [:]
    let hub: EventHub

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { hub.publish(.notice, Notice(text: "\(event.message)").json) }
}
