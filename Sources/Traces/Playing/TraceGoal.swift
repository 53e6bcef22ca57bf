public import Alert
import Units

/// A goal to play, and how far apart the samples come.
public struct TraceGoal: Sendable, Hashable {
    /// What is wanted of each sample.
    public var goal: Goal
    /// The time from one sample to the next: how far waiting is charged.
    public var period: Duration

    /// Makes a goal to play.
    public init(goal: Goal, period: Duration) {
        self.goal = goal
        self.period = period
    }

    /// The bound on what the objective does not minimize; nil where there is none.
    public var bound: Double? {
        switch goal.objective {
        case .minimizeEnergy(let accuracy): accuracy
        case .minimizeError(let energy): energy?.value
        }
    }

    /// Whether energy is minimized, rather than error.
    public var minimizesEnergy: Bool {
        if case .minimizeEnergy = goal.objective { true } else { false }
    }
}

/// How a bound on energy is judged.
public enum EnergyBudget: String, Sendable, Hashable, Codable, CaseIterable {
    /// Each sample must stay within it, as in ALERT.
    case each
    /// The mean of a whole run must stay within it.
    case mean
}
