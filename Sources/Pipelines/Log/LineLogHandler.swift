import Dispatch
import Foundation
public import Logging

/// Writes log events to standard error, a line each.
///
/// A queue of its own writes them, in order: threads that read devices or recognise must not wait for a terminal.
public struct LineLogHandler: LogHandler {
    private static let queue = DispatchQueue(label: "heed-log")

    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let format: LogFormat
    private let write: @Sendable (String) -> Void

    /// Writes what a label's loggers say.
    ///
    /// - Parameter level: The least level that is written.
    public init(label: String, format: LogFormat, level: Logger.Level) {
        self.init(label: label, format: format, level: level) { StandardError.shared.write(line: $0) }
    }

    /// Hands each line to `write`, on the queue.
    init(label: String, format: LogFormat, level: Logger.Level, write: @escaping @Sendable (String) -> Void) {
        self.label = label
        self.format = format
        self.write = write
        logLevel = level
    }

    /// Waits until all is written that was said before.
    public static func flush() { queue.sync {} }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var metadata = metadata
        if let provided = metadataProvider?.get() { metadata.merge(provided) { $1 } }
        if let own = event.metadata { metadata.merge(own) { $1 } }
        if let error = event.error { metadata["error"] = "\(error)" }
        let record = LogRecord(
            time: Date(), level: event.level, label: label, message: "\(event.message)", metadata: metadata)
        Self.queue.async { [format, write] in write(record.line(as: format)) }
    }
}

extension Logger {
    /// This logger, with one more thing that each of its events says.
    func with(_ key: String, _ value: String) -> Logger {
        var logger = self
        logger[metadataKey: key] = "\(value)"
        return logger
    }
}
