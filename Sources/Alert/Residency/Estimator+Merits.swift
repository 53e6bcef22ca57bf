import Units

extension Estimator {
    /// How good it would be to choose each candidate for a sample with the goal's whole deadline: 3 to 4 where every
    /// bound is met, 2 to 3 where the deadline is, 1 to 2 where it is not; within that as `Selection` orders them.
    func merits(for goal: Goal, slowdown: Double) -> [Double] {
        let deadline = goal.deadline.seconds
        let outlook = Outlook(
            time: deadline, size: 1, period: deadline, slowdown: slowdown, certainty: 1 / (0.1 * slowdown),
            powerRatio: 1,
            idleRatio: 0, missAccuracy: goal.missAccuracy)
        let estimates = all.map { estimate($0, in: outlook) }
        let most = max(estimates.reduce(0) { max($0, $1.energy) }, 1e-9)
        return estimates.map { estimate in
            guard estimate.probability >= goal.confidence else { return 1 + estimate.probability }
            switch goal.objective {
            case .minimizeError(let energy):
                return (estimate.energy <= energy?.value ?? .infinity ? 3 : 2) + estimate.accuracy
            case .minimizeEnergy(let accuracy):
                return estimate.accuracy >= accuracy ? 4 - estimate.energy / most : 2 + estimate.accuracy
            }
        }
    }
}
