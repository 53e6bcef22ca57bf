import Alert
import Testing
import Units

@testable import Traces

@Suite struct OracleTests {
    /// A goal somewhere near what a random trace can do.
    private func goal(_ player: TracePlayer, using generator: inout SeededGenerator) throws -> TraceGoal {
        let deadline = Duration.milliseconds(10 + 90 * generator.share())
        let objective: Goal.Objective =
            generator.share() < 0.5
            ? .minimizeEnergy(accuracy: 0.3 + 0.5 * generator.share())
            : .minimizeError(energy: generator.share() < 0.2 ? nil : Joules(0.1 + generator.share()))
        return TraceGoal(goal: try Goal(deadline: deadline, objective: objective), period: deadline)
    }

    @Test func `For no sample is there a choice that keeps the goal and beats the oracle on its objective`() throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<60 {
            let player = TracePlayer(try Trace.random(samples: 30, using: &generator))
            let goal = try goal(player, using: &generator)
            let bounds = Bounds(goal, budget: .each)
            let oracle = player.playOracle(for: goal, keepsSteps: true)
            for candidate in player.candidates.indices {
                let run = player.play(only: candidate, bounds, keepsSteps: true)
                for (step, best) in zip(run.steps, oracle.steps) {
                    let (worth, bestWorth) = (player.worth(step, bounds), player.worth(best, bounds))
                    let keeps = step.stage > 0 && step.energy <= bounds.energy && worth >= bounds.accuracy
                    if step.stage > 0 { #expect(best.stage > 0) }
                    guard keeps else { continue }
                    #expect(best.energy <= bounds.energy && bestWorth >= bounds.accuracy)
                    if goal.minimizesEnergy {
                        #expect(best.energy <= step.energy)
                    } else {
                        #expect(bestWorth >= worth)
                    }
                }
            }
        }
    }

    @Test(arguments: Policies.names)
    func `No policy keeps more samples within the goal than the oracle`(_ name: String) throws {
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<30 {
            let player = TracePlayer(try Trace.random(samples: 40, using: &generator))
            let goal = try goal(player, using: &generator)
            #expect(try player.play(name, for: goal).broken >= player.playOracle(for: goal).broken)
        }
    }

    @Test(arguments: EnergyBudget.allCases)
    func `The best choice for a whole run is the one that trying all of them finds`(_ budget: EnergyBudget) throws {
        var generator = SeededGenerator(seed: 13)
        var standings = [0, 0, 0]
        for _ in 0..<150 {
            let player = TracePlayer(try Trace.random(samples: 25, using: &generator))
            let goal = try goal(player, using: &generator)
            let runs = player.candidates.indices.map {
                player.play(only: $0, Bounds(goal, budget: budget), keepsSteps: false)
            }
            // By filtering, where the oracle ranks.
            let kept = runs.indices.filter { !runs[$0].violates(goal, budget: budget) }
            let inTime = runs.indices.filter { runs[$0].late * 10 <= runs[$0].samples }
            let expected: Int?
            if !kept.isEmpty {
                standings[2] += 1
                expected = kept.min { a, b in
                    goal.minimizesEnergy
                        ? (runs[a].energy, -runs[a].worth) < (runs[b].energy, -runs[b].worth)
                        : (-runs[a].worth, runs[a].energy) < (-runs[b].worth, runs[b].energy)
                }
            } else if !inTime.isEmpty {
                standings[1] += 1
                expected = inTime.min { (-runs[$0].worth, runs[$0].energy) < (-runs[$1].worth, runs[$1].energy) }
            } else {
                standings[0] += 1
                expected = runs.indices.min {
                    (Double(runs[$0].late), -runs[$0].worth, runs[$0].energy)
                        < (Double(runs[$1].late), -runs[$1].worth, runs[$1].energy)
                }
            }
            let best = player.playStaticOracle(for: goal, budget: budget)
            #expect(best.candidate == expected)
            #expect(best.run == runs[best.candidate])
        }
        #expect(standings.allSatisfy { $0 > 5 }, "\(standings)")
    }

    private func momentRun(_ player: TracePlayer, _ goal: TraceGoal) -> PlayedRun {
        let moments = Bench.momentReaches.map { TracePlayer.Moments(player.trace, reach: $0) }
        return player.playMomentOracle(for: goal, knowing: moments, keepsSteps: true)
    }

    @Test func `A moment is the mean of the samples around it, itself left out`() throws {
        var generator = SeededGenerator(seed: 14)
        let trace = try Trace.random(samples: 5, using: &generator)
        let moments = TracePlayer.Moments(trace, reach: 2)
        let columns = trace.layout.columns
        func value(_ sample: Int) -> Float { trace.figures[sample * columns + 4] }
        #expect(abs(moments.figures[2 * columns + 4] - (value(0) + value(1) + value(3) + value(4)) / 4) < 1e-6)
        #expect(abs(moments.figures[4] - (value(1) + value(2)) / 2) < 1e-6)
    }

    @Test func `Who knows moments keeps no more samples within the goal than who knows samples`() throws {
        var generator = SeededGenerator(seed: 15)
        for _ in 0..<30 {
            let player = TracePlayer(try Trace.random(samples: 40, using: &generator))
            let goal = try goal(player, using: &generator)
            #expect(momentRun(player, goal).broken >= player.playOracle(for: goal).broken)
        }
    }

    @Test func `Where all samples are alike who knows moments knows samples`() throws {
        var generator = SeededGenerator(seed: 16)
        for _ in 0..<30 {
            let one = try Trace.random(samples: 1, using: &generator)
            let all = (0..<12).flatMap { _ in one.figures }
            let player = TracePlayer(Trace(header: one.header, layout: one.layout, figures: ContiguousArray(all)))
            let goal = try goal(player, using: &generator)
            let (run, oracle) = (momentRun(player, goal), player.playOracle(for: goal, keepsSteps: true))
            #expect(run.broken == oracle.broken)
            if oracle.broken == 0 { #expect(run.steps == oracle.steps) }
        }
    }
}

extension TracePlayer {
    /// What a step's answer is worth.
    fileprivate func worth(_ step: PlayedRun.Step, _ bounds: Bounds) -> Double {
        step.stage > 0 ? accuracies[options[step.candidate].firstAccuracy + step.stage - 1] : bounds.missAccuracy
    }
}
