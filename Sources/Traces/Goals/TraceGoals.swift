import Alert
import Units

/// The grids of goals that policies are compared on.
public enum TraceGoals {
    /// The deadlines of the paper's grid, in units of the reference time (ALERT: 0.4 to 2 times).
    static let deadlineFactors = [0.4, 0.6, 0.8, 1.0, 1.5, 2.0]
    /// How many bounds there are for each deadline.
    static let bounds = 6

    /// What a grid minimizes.
    public enum Objective: String, Sendable, Hashable, Codable, CaseIterable {
        /// The least energy for an accuracy.
        case energy
        /// The fewest errors for an energy.
        case error
    }

    /// The time, in seconds, that deadlines are multiples of: what the most accurate candidate that answers in stages,
    /// or where there is none the most accurate one, took on average in the trace in its quickest setting, with what
    /// goes before it.
    public static func referenceTime(_ trace: Trace) -> Double {
        let candidates = trace.header.profile.candidates
        let anytime = candidates.indices.filter { candidates[$0].isAnytime }
        let largest = (anytime.isEmpty ? Array(candidates.indices) : anytime).max {
            let (one, other) = (candidates[$0], candidates[$1])
            return (one.accuracy, -one.time.mean) < (other.accuracy, -other.time.mean)
        }
        guard let largest, trace.count > 0 else { return 0 }
        let sum = (0..<trace.count).reduce(0.0) { sum, sample in
            sum + trace.preparation(sample).time
                + trace.answer(sample: sample, candidate: largest, stage: trace.layout.stages[largest]).time
        }
        return sum / Double(trace.count)
    }

    /// The paper's grid: 6 deadlines of 0.4 to 2 times the reference time, with 6 bounds each, evenly spread over what
    /// can be had within that deadline in the trace's environment. Samples come one deadline apart.
    ///
    /// What can be had is what one candidate, chosen for the whole run, gives nine samples in ten. Accuracies lie
    /// between the least and the highest that such candidates have; energies between the least that one spends and what
    /// the most accurate one does. Neither end is among them: nothing is left to choose there. So every goal can be
    /// kept without knowing what comes.
    /// - Throws: `TracesError` with code `badGoals` where nothing is in time.
    public static func paper(
        _ objective: Objective, for player: TracePlayer, confidence: Double = 0.95
    ) throws(TracesError) -> [TraceGoal] {
        let reference = referenceTime(player.trace)
        var goals: [TraceGoal] = []
        for factor in deadlineFactors {
            let deadline = Duration(played: factor * reference)
            guard let range = player.feasible(objective, deadline: deadline) else { continue }
            for place in 0..<bounds {
                let share = (Double(place) + 0.5) / Double(bounds)
                let bound = range.lowerBound + share * (range.upperBound - range.lowerBound)
                let aim: Goal.Objective =
                    objective == .energy ? .minimizeEnergy(accuracy: bound) : .minimizeError(energy: Joules(bound))
                do throws(AlertError) {
                    let goal = try Goal(deadline: deadline, objective: aim, confidence: confidence)
                    goals.append(TraceGoal(goal: goal, period: deadline))
                } catch {
                    throw TracesError(.badGoals, error.message)
                }
            }
        }
        guard !goals.isEmpty else {
            throw TracesError(
                .badGoals,
                "in environment \(player.trace.header.environment) no candidate is in time for nine samples "
                    + "in ten, even within twice the time that the largest took; record more samples, or name goals "
                    + "of your own with --goals FILE")
        }
        return goals
    }
}

extension TracePlayer {
    /// The bounds that leave something to choose within a deadline, each of which one choice for the whole run keeps
    /// for nine samples in ten; nil where there is none.
    func feasible(_ objective: TraceGoals.Objective, deadline: Duration) -> ClosedRange<Double>? {
        let bounds = Bounds(
            deadline: deadline.seconds, period: deadline.seconds, minimizesEnergy: true, missAccuracy: 0)
        // What each choice that is in time for nine samples in ten gives them, and what they spend at most.
        let kept = options.indices.compactMap { candidate -> (worth: Double, energy: Double)? in
            let steps = play(only: candidate, bounds, keepsSteps: true).steps
            let first = options[candidate].firstAccuracy
            let worths = steps.map { $0.stage > 0 ? -accuracies[first + $0.stage - 1] : .infinity }
            let energies = steps.map { $0.stage > 0 ? $0.energy : .infinity }
            guard let worth = worths.ninth, let energy = energies.ninth, worth.isFinite else { return nil }
            return (-worth, energy)
        }
        guard let best = kept.max(by: { ($0.worth, -$0.energy) < ($1.worth, -$1.energy) }) else { return nil }
        let least = kept.lazy.map { objective == .energy ? $0.worth : $0.energy }.min() ?? .infinity
        let most = objective == .energy ? best.worth : best.energy
        return least < most ? least...most : nil
    }
}

extension [Double] {
    /// The value that nine in ten do not exceed.
    fileprivate var ninth: Double? {
        isEmpty ? nil : sorted()[Swift.min(Int((Double(count) * 0.9).rounded(.up)), count) - 1]
    }
}
