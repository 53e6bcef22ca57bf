import Alert

extension TracePlayer {
    /// What can be known of each sample without meeting it: what every candidate took on average for those around it,
    /// itself left out.
    struct Moments: Sendable {
        /// As many rows and columns as the trace.
        let figures: ContiguousArray<Float>

        /// - Parameter reach: how many samples before it, and how many after it, are taken for each.
        init(_ trace: Trace, reach: Int) {
            let (columns, count) = (trace.layout.columns, trace.count)
            var means = ContiguousArray<Float>(repeating: 0, count: trace.figures.count)
            for sample in 0..<count {
                let around = max(sample - reach, 0)...min(sample + reach, count - 1)
                let others = Float(max(around.count - 1, 1))
                for column in 0..<columns {
                    var sum: Float = 0
                    for other in around where other != sample || around.count == 1 {
                        sum += trace.figures[other * columns + column]
                    }
                    means[sample * columns + column] = sum / others
                }
            }
            figures = means
        }
    }

    /// How much longer than expected candidates are held to take, and how much more to spend.
    private static let margins = (time: [1, 1.04, 1.1, 1.25, 1.6, 2.2], energy: [1, 1.02, 1.05, 1.1, 1.2])

    /// The best choice there was for who knows each moment, but not the sample: how far from the oracle a policy must
    /// stay because it has to choose beforehand.
    ///
    /// For each sample it knows what every candidate took on average for those around it, before and after. How far
    /// around it looks, and which margins it keeps to the deadline and to the goal's energy, are those that turn out
    /// best for the goal: of those that do not violate it the best by the objective (by what answers are worth, as the
    /// oracle), else the one that breaks it least. A policy knows less: the past alone, of one candidate each time.
    /// - Parameter moments: the trace's, for each reach to try.
    func playMomentOracle(
        for goal: TraceGoal, knowing moments: [Moments], budget: EnergyBudget = .each, keepsSteps: Bool = false
    ) -> PlayedRun {
        let bounds = Bounds(goal, budget: budget)
        var best: (run: PlayedRun, order: (Int, Double))?
        for moments in moments {
            for timeMargin in Self.margins.time {
                for energyMargin in bounds.energy.isFinite ? Self.margins.energy : [1] {
                    var careful = bounds
                    careful.timeMargin = timeMargin
                    careful.energy /= energyMargin
                    let run = play(knowing: moments, careful, bounds, keepsSteps: keepsSteps)
                    let order: (Int, Double) =
                        run.violates(goal, budget: budget)
                        ? (1, run.brokenShare) : (0, bounds.minimizesEnergy ? run.energy : -run.worth)
                    if best.map({ order < $0.order }) ?? true { best = (run, order) }
                }
            }
        }
        return best?.run ?? PlayedRun(candidates: candidates.count)
    }

    private func play(
        knowing moments: Moments, _ careful: Bounds, _ bounds: Bounds, keepsSteps: Bool
    ) -> PlayedRun {
        var run = PlayedRun(candidates: candidates.count)
        var last = -1
        trace.figures.withUnsafeBufferPointer { figures in
            moments.figures.withUnsafeBufferPointer { means in
                guard let base = figures.baseAddress, let expected = means.baseAddress else { return }
                for sample in 0..<trace.count {
                    let chosen = bestChoice(sample, expected, careful).candidate
                    let row = base + sample * trace.layout.columns
                    let outcome = options[chosen].outcome(
                        row, figures: trace.layout.figures, deadline: bounds.timeLeft(row))
                    count(outcome, chosen, sample, base, bounds, &run, keepsSteps: keepsSteps)
                    if chosen != last && last >= 0 { run.switches += 1 }
                    last = chosen
                }
            }
        }
        return run
    }
}
