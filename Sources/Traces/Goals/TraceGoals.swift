public import Alert
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

    /// The mean time, in seconds, that deadlines are multiples of: of the most accurate candidate that answers in
    /// stages, or where there is none of the most accurate one, in its quickest setting.
    public static func referenceTime(_ candidates: [CandidateProfile]) -> Double {
        let anytime = candidates.filter { $0.isAnytime && $0.candidate.stage == nil }
        let largest = (anytime.isEmpty ? candidates : anytime)
            .max { ($0.accuracy, -$0.time.mean) < ($1.accuracy, -$1.time.mean) }
        return (largest?.time.mean ?? 0) * 1e-3
    }

    /// The paper's grid: 6 deadlines of 0.4 to 2 times the reference time, with 6 bounds each, evenly spread over what
    /// can be had within that deadline in the trace's environment. Samples come one deadline apart.
    ///
    /// What can be had is what can be had for nine samples in ten. Accuracies lie between that of the least accurate
    /// candidate in time and the highest there is in time; energies between the least of any candidate in time and the
    /// least that gives the highest accuracy. Neither end is among them: nothing is left to choose there. So every goal
    /// can be kept by who knows the trace.
    /// - Throws: `TracesError` with code `badGoals` where nothing is in time.
    public static func paper(
        _ objective: Objective, for player: TracePlayer, confidence: Double = 0.95
    ) throws(TracesError) -> [TraceGoal] {
        let reference = referenceTime(player.candidates)
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
                    + "in ten, even within twice the time of the largest")
        }
        return goals
    }
}

extension TracePlayer {
    /// The bounds that leave something to choose within a deadline, for nine samples in ten; nil where there is none.
    func feasible(_ objective: TraceGoals.Objective, deadline: Duration) -> ClosedRange<Double>? {
        let seconds = deadline.seconds
        var least: [Double] = []
        var most: [Double] = []
        trace.figures.withUnsafeBufferPointer { figures in
            guard let base = figures.baseAddress else { return }
            for sample in 0..<trace.count {
                let waiting = waitingPower(sample, base)
                var (leastWorth, mostWorth) = (Double.infinity, 0.0)
                var (leastEnergy, enough) = (Double.infinity, Double.infinity)
                for option in options {
                    let row = base + sample * trace.layout.columns
                    let outcome = option.outcome(row, figures: trace.layout.figures, deadline: seconds)
                    guard outcome.stage > 0 else { continue }
                    let energy = outcome.energy + waiting * max(seconds - outcome.time, 0)
                    let worth = accuracies[option.firstAccuracy + outcome.stage - 1]
                    leastWorth = min(leastWorth, worth)
                    leastEnergy = min(leastEnergy, energy)
                    if (worth, -energy) > (mostWorth, -enough) { (mostWorth, enough) = (worth, energy) }
                }
                // Where nothing is in time, no bound can be kept.
                least.append(objective == .energy ? -leastWorth : leastEnergy)
                most.append(objective == .energy ? -mostWorth : enough)
            }
        }
        guard let low = least.ninth, let high = most.ninth, low.isFinite, high.isFinite else { return nil }
        let ends = objective == .energy ? (-low, -high) : (low, high)
        return ends.0 < ends.1 ? ends.0...ends.1 : nil
    }
}

extension [Double] {
    /// The value that nine in ten do not exceed.
    fileprivate var ninth: Double? {
        isEmpty ? nil : sorted()[Swift.min(Int((Double(count) * 0.9).rounded(.up)), count) - 1]
    }
}
