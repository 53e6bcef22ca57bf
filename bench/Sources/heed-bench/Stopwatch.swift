import Media
import Pipelines

/// The last sink of a run: takes a time of each sample that was recognised, and ends the run after enough of them.
final class Stopwatch: ResultSink {
    struct Stop: Error {}

    private(set) var times: [Int64] = []
    private let limit: Int
    private let time: (SampleResult) throws -> Int64?

    /// Makes a stopwatch; `time` gives the nanoseconds to note, nil for a sample that does not count.
    init(stopAfter limit: Int, time: @escaping (SampleResult) throws -> Int64?) {
        self.limit = limit
        self.time = time
        times.reserveCapacity(limit)
    }

    func receive(_ result: SampleResult) throws {
        guard let time = try time(result) else { return }
        times.append(time)
        if times.count == limit { throw Stop() }
    }

    func finish() {}
}
