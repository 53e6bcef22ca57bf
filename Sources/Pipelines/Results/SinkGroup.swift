import Foundation

/// The sinks of a run, which several lanes write to: one result at a time.
final class SinkGroup: @unchecked Sendable {  // Every access to the sinks holds `lock`.
    private let lock = NSLock()
    private let sinks: [any ResultSink]
    /// Threads that read devices must not wait for a terminal.
    private let notices = DispatchQueue(label: "heed-notices")

    init(_ sinks: [any ResultSink]) {
        self.sinks = sinks
        for sink in sinks { sink.tell { [weak self] in self?.notice($0) } }
    }

    /// Hands a result to one sink after the other, up to the first that throws.
    func receive(_ result: SampleResult) throws {
        try lock.withLock {
            for sink in sinks { try sink.receive(result) }
        }
    }

    /// Hands a line about the run to every sink that shows such; never waits for one of them.
    @Sendable func notice(_ line: String) {
        notices.async { [self] in lock.withLock { for sink in sinks { sink.notice(line) } } }
    }

    /// What became of the results that were sent somewhere.
    var reports: [SinkReport] { lock.withLock { sinks.compactMap(\.report) } }

    /// Finishes every sink in order, also when one fails; what one has to say of it reaches those behind it. All begin
    /// before the first is waited for, so that the waits do not add up.
    ///
    /// - Returns: What the first of them threw.
    func finish() -> (any Error)? {
        var failure: (any Error)?
        lock.withLock { for sink in sinks { sink.prepareToFinish() } }
        for sink in sinks {
            notices.sync {}
            lock.withLock {
                do { try sink.finish() } catch { failure = failure ?? error }
            }
        }
        return failure
    }
}
