import Alert
import Foundation
import Traces
import Units

extension SchedulerCommand {
    /// Plays policies in turns over a trace of the candidates, on this thread: a step decides, looks up what becomes of
    /// the choice, and observes that.
    /// - Returns: For each policy the mean nanoseconds of a step, run by run.
    func replay(_ goal: Goal, of candidates: [CandidateProfile]) throws -> [String: [Double]] {
        let player = TracePlayer(try trace(of: candidates))
        var steps: [String: [Double]] = [:]
        for _ in 0..<replays {
            for policy in ["alert", "alert-plain"] {
                let run = try player.play(policy, for: TraceGoal(goal: goal, period: goal.deadline))
                steps[policy, default: []].append(Double(run.elapsed.nanoseconds) / Double(run.samples))
            }
        }
        return steps
    }

    /// What the candidates take on a machine that something slows for some 60 samples at a time, and that stalls in one
    /// of 64.
    private func trace(of candidates: [CandidateProfile]) throws -> Trace {
        var generator = SeededGenerator(seed: 65)
        var isBusy = false
        let samples = (0..<samples).map { _ in
            if generator.share() < 1 / 60 { isBusy.toggle() }
            let stall = generator.share() < 1 / 64 ? Double.random(in: 1.2...3, using: &generator) : 1
            let slowdown = (isBusy ? 1.5 : 1) * stall * Double.random(in: 0.95...1.05, using: &generator)
            return Trace.Sample(
                idlePower: Watts(.random(in: 2.9...3.1, using: &generator)),
                answers: candidates.map { candidate in
                    let time = candidate.time.median * 1e-3 * slowdown * .random(in: 0.99...1.01, using: &generator)
                    let isRight = generator.share() < candidate.accuracy
                    return [Trace.Answer(time: time, energy: time * candidate.power.value, quality: isRight ? 1 : 0)]
                })
        }
        let profile = Profile(
            machine: [:], models: [:], energySource: "simulated", idlePower: Watts(3), candidates: candidates)
        return try Trace(
            header: TraceHeader(origin: .simulated, environment: "changing", seed: 65, profile: profile),
            samples: samples)
    }
}
