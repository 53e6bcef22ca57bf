import Foundation

/// The sinks of a run, which several lanes write to: one result at a time.
final class SinkGroup: @unchecked Sendable {  // Every access to the sinks holds `lock`.
    private let lock = NSLock()
    private let sinks: [any ResultSink]

    init(_ sinks: [any ResultSink]) { self.sinks = sinks }

    /// Hands a result to one sink after the other, up to the first that throws.
    func receive(_ result: SampleResult) throws {
        try lock.withLock {
            for sink in sinks { try sink.receive(result) }
        }
    }

    /// What became of the results that were sent somewhere.
    var reports: [SinkReport] { lock.withLock { sinks.compactMap(\.report) } }

    /// Finishes every sink in order, also when one fails. All begin before the first is waited for, so that the waits
    /// do not add up.
    ///
    /// - Returns: What the first of them threw.
    func finish() -> (any Error)? {
        var failure: (any Error)?
        lock.withLock { for sink in sinks { sink.prepareToFinish() } }
        for sink in sinks {
            lock.withLock {
                do { try sink.finish() } catch { failure = failure ?? error }
            }
        }
        return failure
    }
}
