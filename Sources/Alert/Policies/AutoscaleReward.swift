import Units

/// What one inference was worth to `autoscale`: energy first, then time and accuracy.
///
/// With accuracy in per cent, time in milliseconds, and energy in per cent of what the hungriest candidate takes by the
/// profile; a = b = 0.1 (after AutoScale, section 4):
/// ```
/// accuracy below the bound   R = accuracy − 1000
/// in time                    R = −energy + a · time + b · accuracy
/// late                       R = −energy + b · accuracy
/// ```
/// The time's positive weight rewards use of the slack. The paper takes 100 off rather than 1000; with these units a
/// bound could then be bought off. AutoScale knows no other objective; where errors are to be fewest, the two change
/// places: R = accuracy, less 1000 where the energy is over its bound, and a late answer's accuracy is the goal's
/// `missAccuracy`.
struct AutoscaleReward: Sendable {
    private static let timeWeight = 0.1
    private static let accuracyWeight = 0.1
    private static let penalty = 1000.0

    let goal: Goal
    /// What counts as 100 % of energy, in joules.
    let energyUnit: Double

    init(goal: Goal, energyUnit: Double) {
        self.goal = goal
        self.energyUnit = energyUnit
    }

    init(goal: Goal, candidates: [CandidateProfile]) {
        let hungriest = candidates.reduce(0) { max($0, $1.power.value * $1.time.median * 1e-3) }
        self.init(goal: goal, energyUnit: max(hungriest, 1e-9))
    }

    /// The reward; figures in seconds, joules and shares.
    func reward(time: Double, isInTime: Bool, energy: Double, accuracy: Double) -> Double {
        let percent = accuracy * 100
        switch goal.objective {
        case .minimizeEnergy(let wanted):
            if accuracy < wanted { return percent - Self.penalty }
            let slack = isInTime ? Self.timeWeight * time * 1e3 : 0
            return -energy / energyUnit * 100 + slack + Self.accuracyWeight * percent
        case .minimizeError(let limit):
            let delivered = isInTime ? percent : goal.missAccuracy * 100
            return energy > limit?.value ?? .infinity ? delivered - Self.penalty : delivered
        }
    }
}
