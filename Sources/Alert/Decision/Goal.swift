public import Units

/// What the user wants of every sample: an answer by the deadline and, within it, the fewest errors or the least
/// energy.
///
/// Latency is always a bound and never the objective (ALERT, section 3: problem statement). Immutable, so that a goal
/// that exists is a goal that was checked.
public struct Goal: Sendable, Hashable {
    /// What to make as small as possible within the deadline, and the bound on the other.
    public enum Objective: Sendable, Hashable {
        /// The fewest errors, spending at most `energy` a sample from one sample to the next; no bound when `nil`.
        case minimizeError(energy: Joules?)
        /// The least energy, with at least `accuracy` (0…1) expected.
        case minimizeEnergy(accuracy: Double)
    }

    /// The time from the sensor to the result.
    public let deadline: Duration
    /// What to minimize.
    public let objective: Objective
    /// The wanted probability of meeting the deadline, in 0..<1.
    public let confidence: Double
    /// The accuracy of a result that misses its deadline (ALERT's q_fail): 0 when a late answer is worth nothing.
    public let missAccuracy: Double

    /// Makes a goal.
    /// - Throws: `AlertError` with code `invalidGoal` for a deadline or an energy not above zero, an accuracy outside
    ///   0…1, a confidence outside 0..<1 (no finite time is certain), or a figure that is not a number.
    public init(
        deadline: Duration, objective: Objective, confidence: Double = 0.95, missAccuracy: Double = 0
    ) throws(AlertError) {
        guard deadline > .zero else {
            throw AlertError(
                .invalidGoal, "deadline is \(deadline.milliseconds) ms; give a time above 0, such as 100ms")
        }
        switch objective {
        case .minimizeError(let energy?):
            guard energy.value > 0, energy.value.isFinite else {
                throw AlertError(
                    .invalidGoal, "energy is \(energy.value) J a sample; give an amount above 0, such as 2J")
            }
        case .minimizeError(nil):
            break
        case .minimizeEnergy(let accuracy):
            guard (0...1).contains(accuracy) else {
                throw AlertError(.invalidGoal, "accuracy is \(accuracy); give a share between 0 and 1, such as 0.85")
            }
        }
        guard (0..<1).contains(confidence) else {
            throw AlertError(.invalidGoal, "confidence is \(confidence); give a share from 0 to below 1, such as 0.95")
        }
        guard (0...1).contains(missAccuracy) else {
            throw AlertError(.invalidGoal, "accuracy of a miss is \(missAccuracy); give a share between 0 and 1")
        }
        self.deadline = deadline
        self.objective = objective
        self.confidence = confidence
        self.missAccuracy = missAccuracy
    }

    /// The same goal for a sample that has another deadline; one not above zero counts as this goal's own.
    public func with(deadline: Duration) -> Goal {
        (try? Goal(deadline: deadline, objective: objective, confidence: confidence, missAccuracy: missAccuracy))
            ?? self
    }

    /// The accuracy that the objective bounds answers by; below any where it bounds none.
    var wantedAccuracy: Double {
        if case .minimizeEnergy(let accuracy) = objective { accuracy } else { -.infinity }
    }
}
