import Units

/// The part of a goal that gives what was learned its worth: lessons of another one say nothing.
public struct LearnedGoal: Sendable, Hashable, Codable {
    /// What was to be made least.
    public enum Minimized: String, Sendable, Hashable, Codable { case error, energy }

    /// The deadline; to the microsecond, so that ways to write one time do not tell goals apart.
    public let deadlineMicroseconds: Int64
    /// What was to be made least.
    public let minimize: Minimized
    /// The bound on the other, in joules or as a share; nil where there was none.
    public let bound: Double?
    /// What an answer was worth that came too late.
    public let missAccuracy: Double

    private enum CodingKeys: String, CodingKey {
        case deadlineMicroseconds = "deadline_us"
        case minimize, bound
        case missAccuracy = "miss_accuracy"
    }

    /// What counts of a goal.
    public init(_ goal: Goal) {
        deadlineMicroseconds = (goal.deadline + .nanoseconds(500)).nanoseconds / 1000
        missAccuracy = goal.missAccuracy
        switch goal.objective {
        case .minimizeError(let energy): (minimize, bound) = (.error, energy?.value)
        case .minimizeEnergy(let accuracy): (minimize, bound) = (.energy, accuracy)
        }
    }
}
