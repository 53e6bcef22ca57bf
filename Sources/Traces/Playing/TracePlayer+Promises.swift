public import Alert
import Units

/// How often a policy kept a promise of one strength.
public struct PromiseTally: Sendable, Hashable, Codable {
    /// The promised probability.
    public var promised: Double
    /// How many promises were made.
    public var count: Int
    /// How many of them were kept.
    public var kept: Int

    /// The share that was kept; nil where nothing was promised.
    public var share: Double? { count > 0 ? Double(kept) / Double(count) : nil }
}

extension TracePlayer {
    /// The probabilities that policies are held to.
    public static let promises = [0.5, 0.75, 0.9, 0.95, 0.99]

    /// Asks a policy, for the candidate that it chooses for each sample, within which times it would answer with
    /// certain probabilities, and counts how often it did.
    ///
    /// Goals rarely call for a promise of just 95 %; so the policy is asked for the time that it holds to be enough.
    /// - Returns: a tally for each of `promises`.
    public func playPromises(_ policy: inout some Policy, for goal: TraceGoal) -> [PromiseTally] {
        policy.goal = goal.goal
        var tallies = Self.promises.map { PromiseTally(promised: $0, count: 0, kept: 0) }
        let bounds = Bounds(goal, budget: .each)
        var overhead = OverheadEstimate()
        trace.figures.withUnsafeBufferPointer { figures in
            guard let base = figures.baseAddress else { return }
            for sample in 0..<trace.count {
                let row = base + sample * trace.layout.columns
                let size = Double(row[1])
                let request = DecisionRequest(
                    timeLeft: goal.goal.deadline, overhead: overhead.value, overheadEnergy: overhead.energy,
                    period: goal.period, size: size)
                guard let decision = policy.decide(request) else { continue }
                let chosen = decision.candidate
                let outcome = options[chosen].outcome(
                    row, figures: trace.layout.figures, deadline: bounds.timeLeft(row))
                observe(row, &overhead)
                // Policies tell the time of a sample of size 1.
                let scale = max(1 + candidates[chosen].growth * (size - 1), 1e-3)
                for index in tallies.indices {
                    let needed = policy.timeNeeded(
                        confidence: tallies[index].promised, among: CandidateSet(CollectionOfOne(chosen)))
                    tallies[index].count += 1
                    if outcome.firstAnswer <= needed.seconds * scale { tallies[index].kept += 1 }
                }
                policy.observe(observation(of: outcome, chosen, row))
            }
        }
        return tallies
    }
}
