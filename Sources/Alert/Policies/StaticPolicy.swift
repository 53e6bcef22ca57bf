import Units

/// Always chooses the same candidate of those it may choose: what heed adapts away from, and a yardstick for it.
///
/// Still learns the slow-down, so that its predictions are as good as the adaptive policies'.
public struct StaticPolicy: Policy {
    /// The name it was made by.
    public let name: String
    /// What may be chosen.
    public let candidates: [CandidateProfile]
    /// What to choose for; what was learned stays when it changes.
    public var goal: Goal
    /// The candidates, the one to choose first.
    private let ranking: [Int]
    private var estimator: Estimator

    /// Makes a policy that always chooses the candidate which comes before all others.
    init(
        name: String, candidates: [CandidateProfile], idlePower: Watts, goal: Goal,
        comesBefore: (CandidateProfile, CandidateProfile) -> Bool
    ) throws(AlertError) {
        self.name = name
        self.candidates = candidates
        self.goal = goal
        estimator = try Estimator(candidates: candidates, idlePower: idlePower, constants: .standard)
        ranking = candidates.indices.sorted {
            // Among equals the first one listed, which sorting by itself does not promise.
            comesBefore(candidates[$0], candidates[$1])
                || !comesBefore(candidates[$1], candidates[$0]) && $0 < $1
        }
    }

    /// How much slower than profiled the machine is held to be.
    public var slowdown: SlowdownEstimate { estimator.slowdown }

    /// The one candidate, unless nothing could meet the deadline.
    public mutating func decide(_ request: DecisionRequest) -> Decision? {
        guard let outlook = estimator.outlook(request, for: goal),
            let choice = ranking.first(where: { request.candidates?.contains($0) ?? true })
        else { return nil }
        let prediction = Prediction(estimator.estimate(choice, in: outlook))
        return Decision(candidate: choice, prediction: prediction, rule: .fixed)
    }

    /// Learns from an inference that ran, or was stopped.
    public mutating func observe(_ observation: Observation) { estimator.observe(observation) }

    /// The time the one candidate needs that this policy chooses.
    public func timeNeeded(confidence: Double, among candidates: CandidateSet?) -> Duration {
        guard let choice = ranking.first(where: { candidates?.contains($0) ?? true }) else { return .zero }
        return estimator.timeNeeded(choice, confidence: confidence)
    }
}
