import Alert
import Captions
import Media
import Pipelines
import Synchronization
import Units

/// The figures of a run so far, in bounded memory: written by the recognising threads, read by whoever looks.
final class RunBook: Sendable {
    /// The figures of one stream.
    struct Stream {
        var samples = 0
        var outcomes = OutcomeCounts()
        var decisions: [String: Int] = [:]
        var rules: [String: Int] = [:]
        /// From capture to result, of answered samples.
        var latency = TimeSketch()
        /// The same without inference.
        var overhead = TimeSketch()
        var latencyBuckets = TimeBuckets()
        var inferenceBuckets = TimeBuckets()
        /// Joules by where the figures come from.
        var energy: [String: Double] = [:]
        /// Samples with an energy.
        var measured = 0
        var energySource: String?
        /// Stretches of sound that were not transcribed, and what they last in seconds.
        var gaps = (count: 0, seconds: 0.0)
        /// Who answered which sample last, the newest at the end; up to `keptAnswers`.
        var answers: [(sequence: Int, candidate: String)] = []
    }

    private let streams = Mutex<[SampleResult.Stream: Stream]>([:])

    /// Counts a result.
    func record(_ result: SampleResult) {
        streams.withLock { $0[result.stream, default: Stream()].record(result) }
    }

    /// The figures so far.
    func read() -> [SampleResult.Stream: Stream] { streams.withLock(\.self) }

    /// Who answered a stream's samples last, the newest at the end.
    func answers(of stream: SampleResult.Stream) -> [(sequence: Int, candidate: String)] {
        streams.withLock { $0[stream]?.answers ?? [] }
    }
}

extension RunBook.Stream {
    /// How many answers a person may be behind when judging one: some seconds of a camera.
    private static let keptAnswers = 256

    fileprivate mutating func record(_ result: SampleResult) {
        let count = result.count ?? 1
        samples += count
        outcomes[result.outcome] += count
        if let rule = result.rule { rules[rule.rawValue, default: 0] += 1 }
        if let candidate = result.candidate { decisions[candidate, default: 0] += 1 }
        if let latency = result.latencyMilliseconds, let inference = result.inferenceMilliseconds {
            if answers.count == Self.keptAnswers { answers.removeFirst() }
            answers.append((result.sequence, result.candidate ?? ""))
            self.latency.record(latency * 1e-3)
            overhead.record(max(0, latency - inference) * 1e-3)
            latencyBuckets.record(latency * 1e-3)
            inferenceBuckets.record(inference * 1e-3)
        }
        if let energy = result.energyJoules, let source = result.energySource {
            self.energy[source, default: 0] += energy
            energySource = source
            measured += 1
        }
        if let gap = result.speech?.gap {
            gaps.count += 1
            gaps.seconds += gap.length.seconds
        }
    }
}
