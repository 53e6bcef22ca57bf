import Alert
import Units

/// How long a recogniser that answers in stages may take, and how long its stages are expected to.
struct StageLimit: Sendable {
    /// From the beginning of the inference.
    let left: Duration
    /// When each stage is expected to have answered, from the beginning of the inference.
    let expected: [Duration]

    /// Whether a stage, counted from 0, is worth beginning when so much time has gone by: it is expected to be done in
    /// time. The first one always is, for without it there is no answer.
    func allows(_ stage: Int, after elapsed: Duration) -> Bool {
        stage == 0 || elapsed + expected[stage] - expected[stage - 1] <= left
    }
}

extension StageLimit {
    /// The limit for a candidate on a machine so much slower than profiled; nil for one that answers once.
    init?(_ candidate: CandidateProfile, left: Duration, slowdown: Double) {
        guard candidate.isAnytime else { return nil }
        self.left = left
        expected = candidate.stages.map { .milliseconds($0.time.median * slowdown) }
    }
}

extension Inference {
    /// How long a stage went on that was stopped at the limit.
    func excess(over limit: StageLimit) -> Duration {
        guard let answered = stageTimes.last, stageTimes.count < limit.expected.count, time > limit.left else {
            return .zero
        }
        return time - max(limit.left, answered)
    }
}
