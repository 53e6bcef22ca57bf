import Alert
import Media
import Units

/// What a person is shown of one stream while it runs: how many came, what became of them, how late answers are, and
/// who gives them and why.
struct StreamStatus {
    /// The rate is that of the last stretch of this length.
    private static let stretch = Duration.seconds(1)

    private let name: String
    private let expected: Int?
    private var outcomes = OutcomeCounts()
    private var latency = TimeHistogram()
    private var latest: SampleResult?
    private var began: (time: MonotonicTime, count: Int)?
    private var rate: Double?

    /// A stream's status; `expected` is the number of its samples, if it is known.
    init(_ stream: SampleResult.Stream, expected: Int?) {
        name = stream.rawValue
        self.expected = expected
    }

    /// Takes in a result that was shown at `now`.
    mutating func take(_ result: SampleResult, at now: MonotonicTime) {
        outcomes[result.outcome] += result.count ?? 1
        if let milliseconds = result.latencyMilliseconds {
            latest = result
            latency.record(.seconds(milliseconds * 1e-3))
        }
        guard let began else { return began = (now, outcomes.total) }
        if now - began.time >= Self.stretch {
            rate = Double(outcomes.total - began.count) / (now - began.time).seconds
            self.began = (now, outcomes.total)
        }
    }

    /// Two rows: the figures, and who answered last and why.
    var rows: [String] {
        var parts = [expected.map { "\(name) \(outcomes.total)/\($0)" } ?? "\(name) \(outcomes.total)"]
        if let rate { parts.append("\(rate.formatted(decimals: 1))/s") }
        let others = Outcome.allCases.filter { $0 != .met && outcomes[$0] > 0 }
        parts.append(([.met] + others).map { "\($0.rawValue) \(outcomes[$0])" }.joined(separator: " "))
        if !latency.isEmpty {
            let times = [50.0, 95, 99].map { latency.value(percentile: $0).milliseconds.formatted(decimals: 1) }
            parts.append("p50 \(times[0])  p95 \(times[1])  p99 \(times[2]) ms")
        }
        guard let latest else { return [parts.joined(separator: "   ")] }
        if let label = latest.label, let score = latest.score {
            parts.append("\(label) \(Int((score * 100).rounded())) %")
        }
        if let backlog = latest.speech?.backlog { parts.append("\(backlog)") }
        return [parts.joined(separator: "   "), "  \(latest.reason)"]
    }
}
