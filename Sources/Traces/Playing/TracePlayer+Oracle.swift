import Alert

extension TracePlayer {
    /// For each sample the best choice there was: what no policy can beat that has to choose beforehand.
    ///
    /// Knows every candidate's time and energy for the very sample, and the power of waiting after it; of answers it
    /// knows what they are worth on average (as profiled), not which are right. Of the candidates that keep all bounds
    /// it takes the best by the objective; else, of those in time, the one worth most; else the one that answers first.
    /// Ties go to what is worth more, then to less energy, then to less time, then to the first. With `budget` `.mean`
    /// it still holds each sample to the goal's energy.
    public func playOracle(for goal: TraceGoal, budget: EnergyBudget = .each, keepsSteps: Bool = false) -> PlayedRun {
        let bounds = Bounds(goal, budget: budget)
        var run = PlayedRun(candidates: candidates.count)
        var last = -1
        trace.figures.withUnsafeBufferPointer { figures in
            guard let base = figures.baseAddress else { return }
            for sample in 0..<trace.count {
                let (chosen, outcome) = bestChoice(sample, base, bounds)
                count(outcome, chosen, sample, base, bounds, &run, keepsSteps: keepsSteps)
                if chosen != last && last >= 0 { run.switches += 1 }
                last = chosen
            }
        }
        return run
    }

    /// The best choice for a sample, where `base` has what every candidate takes for it; and what comes of it.
    func bestChoice(
        _ sample: Int, _ base: UnsafePointer<Float>, _ bounds: Bounds
    ) -> (candidate: Int, outcome: Outcome) {
        let row = base + sample * trace.layout.columns
        var best = 0
        var bestRank = Rank.worst
        var bestOutcome = options[0].outcome(row, figures: trace.layout.figures, deadline: bounds.timeLeft(row))
        for candidate in options.indices {
            let option = options[candidate]
            let outcome = option.outcome(row, figures: trace.layout.figures, deadline: bounds.timeLeft(row))
            let energy = energy(outcome, sample, base, period: bounds.period)
            let worth = outcome.stage > 0 ? accuracies[option.firstAccuracy + outcome.stage - 1] : bounds.missAccuracy
            let rank: Rank
            if outcome.stage == 0 {
                rank = Rank(standing: 0, merit: -outcome.firstAnswer, worth: 0, energy: energy, time: outcome.time)
            } else if energy > bounds.energy || worth < bounds.accuracy {
                rank = Rank(standing: 1, merit: worth, worth: worth, energy: energy, time: outcome.time)
            } else {
                let merit = bounds.minimizesEnergy ? -energy : worth
                rank = Rank(standing: 2, merit: merit, worth: worth, energy: energy, time: outcome.time)
            }
            if rank.isBetter(than: bestRank) { (best, bestRank, bestOutcome) = (candidate, rank, outcome) }
        }
        return (best, bestOutcome)
    }

    /// The one candidate that would have been best for the whole run, chosen for every sample.
    ///
    /// Of the candidates that do not violate the goal, the best by the objective: least energy, or worth most. Else of
    /// those late for no more than a tenth of the samples the one worth most; else the one that is least often late.
    /// Ties go to what is worth more, then to less energy, then to the first.
    /// - Returns: which one, and what came of it.
    public func playStaticOracle(
        for goal: TraceGoal, budget: EnergyBudget = .each, keepsSteps: Bool = false
    ) -> (candidate: Int, run: PlayedRun) {
        let bounds = Bounds(goal, budget: budget)
        var best = 0
        var bestRank = Rank.worst
        for candidate in candidates.indices {
            let run = play(only: candidate, bounds, keepsSteps: false)
            let isOftenLate = Double(run.late) > PlayedRun.tolerance * Double(run.samples)
            let rank: Rank
            if isOftenLate {
                rank = Rank(standing: 0, merit: -Double(run.late), worth: run.worth, energy: run.energy, time: 0)
            } else if run.violates(goal, budget: budget) {
                rank = Rank(standing: 1, merit: run.worth, worth: run.worth, energy: run.energy, time: 0)
            } else {
                let merit = bounds.minimizesEnergy ? -run.energy : run.worth
                rank = Rank(standing: 2, merit: merit, worth: run.worth, energy: run.energy, time: 0)
            }
            if rank.isBetter(than: bestRank) { (best, bestRank) = (candidate, rank) }
        }
        return (best, play(only: best, bounds, keepsSteps: keepsSteps))
    }

    /// Plays one candidate throughout.
    func play(only candidate: Int, _ bounds: Bounds, keepsSteps: Bool) -> PlayedRun {
        var run = PlayedRun(candidates: candidates.count)
        let option = options[candidate]
        trace.figures.withUnsafeBufferPointer { figures in
            guard let base = figures.baseAddress else { return }
            for sample in 0..<trace.count {
                let row = base + sample * trace.layout.columns
                let outcome = option.outcome(row, figures: trace.layout.figures, deadline: bounds.timeLeft(row))
                count(outcome, candidate, sample, base, bounds, &run, keepsSteps: keepsSteps)
            }
        }
        return run
    }
}

/// How good a choice is: latency first, then the goal, then ties.
private struct Rank {
    /// 2: all bounds kept; 1: in time; 0: late.
    var standing: Int
    /// More is better, among equals in standing.
    var merit: Double
    var worth: Double
    var energy: Double
    var time: Double

    static let worst = Rank(
        standing: -1, merit: -.infinity, worth: -.infinity, energy: .infinity, time: .infinity)

    @inline(__always)
    func isBetter(than other: Rank) -> Bool {
        if standing != other.standing { return standing > other.standing }
        if merit != other.merit { return merit > other.merit }
        if worth != other.worth { return worth > other.worth }
        if energy != other.energy { return energy < other.energy }
        return time < other.time
    }
}
