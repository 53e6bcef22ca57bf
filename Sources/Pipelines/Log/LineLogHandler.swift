import Dispatch
import Foundation
public import Logging
import Synchronization

/// Writes log events to standard error, a line each.
///
/// A queue of its own writes them, in order: threads that read devices or recognise must not wait for a terminal. While
/// standard error takes nothing, so many wait; what comes beyond that is dropped, and how many is said afterwards.
public struct LineLogHandler: LogHandler {
    private struct Backlog {
        var waiting = 0
        var dropped = 0

        mutating func takeDropped() -> Int {
            defer { dropped = 0 }
            return dropped
        }
    }

    /// The most events that wait to be written.
    static let capacity = 1_000
    private static let queue = DispatchQueue(label: "heed-log")
    private static let backlog = Mutex(Backlog())

    /// The least level that is written.
    public var logLevel: Logger.Level
    /// What each event says besides its message.
    public var metadata: Logger.Metadata = [:]
    /// What each event says besides that, asked for anew each time.
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

    /// Waits until all is written that was said before, or the time is over: who does not read standard error must not
    /// keep heed from its end.
    public static func flush(within limit: Duration = .seconds(1)) {
        let isDone = DispatchSemaphore(value: 0)
        let seconds: Double = limit / .seconds(1)
        queue.async { isDone.signal() }
        _ = isDone.wait(timeout: .now() + seconds)
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let droppedBefore = Self.backlog.withLock { backlog -> Int? in
            guard backlog.waiting < Self.capacity else {
                backlog.dropped += 1
                return nil
            }
            backlog.waiting += 1
            return backlog.takeDropped()
        }
        guard let dropped = droppedBefore else { return }
        var metadata = metadata
        if let provided = metadataProvider?.get() { metadata.merge(provided) { $1 } }
        if let own = event.metadata { metadata.merge(own) { $1 } }
        if let error = event.error { metadata["error"] = "\(error)" }
        let record = LogRecord(
            time: Date(), level: event.level, label: label, message: "\(event.message)", metadata: metadata)
        Self.queue.async { [self] in
            sayDropped(dropped)
            write(record.line(as: format))
            let rest = Self.backlog.withLock { backlog in
                backlog.waiting -= 1
                // Before that, the next event that finds room says it in its place.
                return backlog.waiting == 0 ? backlog.takeDropped() : 0
            }
            sayDropped(rest)
        }
    }

    private func sayDropped(_ count: Int) {
        guard count > 0 else { return }
        let record = LogRecord(
            time: Date(), level: .warning, label: label,
            message: "\(count) log events were dropped, for standard error took none", metadata: [:])
        write(record.line(as: format))
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
