import Alert
import Testing
import Units

@testable import Traces

@Suite struct TracePlayerTests {
    /// One that answers once, and one that answers in two stages; two samples, of which the second is slow.
    private func tiny() throws -> Trace {
        let candidates = [
            CandidateProfile("once", [(40, 0.9)], watts: 10),
            CandidateProfile("stages", [(20, 0.6), (60, 0.8)], watts: 20),
        ]
        return try Trace(
            header: TraceHeader(candidates, idleWatts: 2),
            samples: [
                .init(
                    idlePower: Watts(2),
                    answers: [
                        [.init(time: 0.040, energy: 0.4, quality: 1)],
                        [.init(time: 0.020, energy: 0.4, quality: 0), .init(time: 0.060, energy: 1.2, quality: 1)],
                    ]),
                .init(
                    idlePower: Watts(4),
                    answers: [
                        [.init(time: 0.080, energy: 0.8, quality: 1)],
                        [.init(time: 0.040, energy: 0.8, quality: 1), .init(time: 0.120, energy: 2.4, quality: 0)],
                    ]),
            ])
    }

    private func goal(_ objective: Goal.Objective) throws -> TraceGoal {
        TraceGoal(goal: try Goal(deadline: .milliseconds(50), objective: objective), period: .milliseconds(100))
    }

    private func near(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-6 }

    @Test func `Candidates are those of the trace, stopped after each stage`() throws {
        let player = TracePlayer(try tiny())
        #expect(player.candidates.map(\.candidate.name) == ["once@cpu-1t", "stages@cpu-1t#1", "stages@cpu-1t"])
    }

    @Test func `Of more stops than policies choose among, as many candidates keep theirs as there is room for`() throws
    {
        let stages = (0..<100).map { CandidateProfile("s\($0)", [(20, 0.6), (40, 0.7), (60, 0.8)], watts: 20) }
        let player = TracePlayer(try Trace(header: TraceHeader(stages), samples: []))
        // Every second one: 50 of 3 and 50 of 1; with all there would be 300.
        #expect(player.candidates.count == 200)
        #expect(player.candidates.filter { $0.candidate.stage == nil }.count == 100)
    }

    @Test func `One that answers once runs to its end; its wait is charged with the power of the wait`() throws {
        let player = TracePlayer(try tiny())
        let goal = try goal(.minimizeEnergy(accuracy: 0.7))
        let run = player.play(only: 0, Bounds(goal, budget: .each), keepsSteps: true)
        // 0.4 J and 60 ms at 4 W; 0.8 J and 20 ms at 4 W, late.
        #expect(near(run.energy, 0.4 + 0.06 * 4 + 0.8 + 0.02 * 4))
        #expect(run.steps.map(\.stage) == [1, 0])
        #expect((run.late, run.tooInaccurate, run.broken) == (1, 0, 1))
        #expect(near(run.error, 0.5) && near(run.expectedError, 1 - 0.9 / 2))
        #expect(run.violates(goal, budget: .each))
    }

    @Test func `What goes before inference is taken off the deadline and off the wait, and its energy counts`() throws {
        let candidates = [CandidateProfile("once", [(40, 0.9)], watts: 10)]
        let answers: [[Trace.Answer]] = [[.init(time: 0.040, energy: 0.4, quality: 1)]]
        let samples = [0.008, 0.012].map { time in
            Trace.Sample(idlePower: Watts(2), preparation: .init(time: time, energy: 0.1), answers: answers)
        }
        let player = TracePlayer(try Trace(header: TraceHeader(candidates), samples: samples))
        let run = player.play(
            only: 0, Bounds(try goal(.minimizeError(energy: nil)), budget: .each), keepsSteps: true)
        #expect(run.steps.map(\.stage) == [1, 0])
        #expect(near(run.steps[0].energy, 0.1 + 0.4 + 0.052 * 2))
        #expect(near(run.steps[1].energy, 0.1 + 0.4 + 0.048 * 2))
        #expect(player.playOracle(for: try goal(.minimizeError(energy: nil))).late == 1)
    }

    @Test func `One that answers in stages is stopped at the deadline, with the best answer so far`() throws {
        let player = TracePlayer(try tiny())
        let goal = try goal(.minimizeEnergy(accuracy: 0.7))
        let run = player.play(only: 2, Bounds(goal, budget: .each), keepsSteps: true)
        // Stopped at 50 ms: three quarters of the second stage's 0.8 J; then an eighth of the second stage's 1.6 J.
        #expect(near(run.steps[0].energy, 0.4 + 0.75 * 0.8 + 0.05 * 4))
        #expect(near(run.steps[1].energy, 0.8 + 0.125 * 1.6 + 0.05 * 4))
        #expect(run.steps.map(\.stage) == [1, 1])
        // Both answers are those of stage 1, which is worth less than 0.7.
        #expect((run.late, run.tooInaccurate, run.broken) == (0, 2, 2))
        #expect(near(run.error, 0.5) && near(run.expectedError, 0.4))
    }

    @Test func `A policy is told how sure the recogniser was of the last stage that was done`() throws {
        let header = TraceHeader([CandidateProfile("stages", [(20, 0.6), (60, 0.8)], watts: 20)], hasConfidence: true)
        let answers: [Trace.Answer] = [
            .init(time: 0.02, energy: 0.4, quality: 1, confidence: 0.5),
            .init(time: 0.06, energy: 1.2, quality: 1, confidence: 0.75),
        ]
        let player = TracePlayer(try Trace(header: header, samples: [.init(idlePower: Watts(2), answers: [answers])]))
        let told = [0.01, 0.05, 0.07].map { deadline in
            player.trace.figures.withUnsafeBufferPointer { figures -> Double? in
                guard let row = figures.baseAddress else { return nil }
                let outcome = player.options[1].outcome(row, figures: 4, deadline: deadline)
                return player.observation(of: outcome, 1, row).confidence
            }
        }
        #expect(told == [nil, 0.5, 0.75])
    }

    @Test func `Stopped after its first stage it spends no more`() throws {
        let player = TracePlayer(try tiny())
        let run = player.play(only: 1, Bounds(try goal(.minimizeError(energy: nil)), budget: .each), keepsSteps: true)
        #expect(near(run.steps[0].energy, 0.4 + 0.08 * 4) && near(run.steps[1].energy, 0.8 + 0.06 * 4))
        #expect(run.broken == 0)
    }

    @Test func `The oracle's choices are those of a calculation by hand`() throws {
        let player = TracePlayer(try tiny())
        // Sample 0: only `once` is worth 0.7 in time. Sample 1: nothing is; of those in time stage 1 is worth most, and
        // stopped after it, it spends least.
        let energy = player.playOracle(for: try goal(.minimizeEnergy(accuracy: 0.7)), keepsSteps: true)
        #expect(energy.steps.map(\.candidate) == [0, 1])
        #expect(near(energy.energy, 0.64 + 1.04))
        #expect(near(energy.error, 0) && (energy.broken, energy.tooInaccurate) == (1, 1))
        // Within 0.65 J `once` is worth most; then nothing is within it, and energy gives way.
        let error = player.playOracle(for: try goal(.minimizeError(energy: Joules(0.65))), keepsSteps: true)
        #expect(error.steps.map(\.candidate) == [0, 1])
        #expect((error.overBudget, error.broken) == (1, 1))
        let late = TraceGoal(
            goal: try Goal(deadline: .milliseconds(10), objective: .minimizeError(energy: nil)),
            period: .milliseconds(10))
        #expect(player.playOracle(for: late, keepsSteps: true).steps.map(\.candidate) == [1, 1])
    }

    @Test func `A goal counts as violated when more than a tenth of its samples break it`() {
        var run = PlayedRun(candidates: 1)
        run.samples = 100
        run.broken = 10
        let goal = try? TraceGoal(
            goal: Goal(deadline: .seconds(1), objective: .minimizeError(energy: Joules(1))), period: .seconds(1))
        guard let goal else { return }
        run.energy = 101
        #expect(!run.violates(goal, budget: .each))
        #expect(run.violates(goal, budget: .mean))
        run.broken = 11
        #expect(run.violates(goal, budget: .each))
    }

    @Test func `A policy sees what ran, and no more`() throws {
        struct Listener: Policy {
            let name = "listener"
            let candidates: [CandidateProfile]
            var goal: Goal
            var choice: Int
            var requests: [DecisionRequest] = []
            var seen: [Observation] = []
            var slowdown: SlowdownEstimate { .init(mean: 1, standardDeviation: 0) }
            func timeNeeded(confidence _: Double, among _: CandidateSet?) -> Duration { .zero }
            mutating func decide(_ request: DecisionRequest) -> Decision? {
                requests.append(request)
                guard requests.count < 3 || choice < 2 else { return nil }
                let prediction = Prediction(time: .zero, probability: 0.95, accuracy: 1, energy: .zero)
                return Decision(candidate: choice, prediction: prediction, rule: .fixed)
            }
            mutating func observe(_ observation: Observation) { seen.append(observation) }
        }
        let player = TracePlayer(try tiny())
        let goal = try goal(.minimizeError(energy: nil))
        var policy = Listener(candidates: player.candidates, goal: goal.goal, choice: 2)
        let run = player.play(&policy, for: goal)
        #expect(policy.requests.allSatisfy { $0.timeLeft == .milliseconds(50) && $0.period == .milliseconds(100) })
        #expect(policy.seen.map(\.isCensored) == [true, true])
        #expect(policy.seen.map(\.stagesDone) == [1, 1])
        #expect(policy.seen.map { $0.time.milliseconds.rounded() } == [50, 50])
        #expect(policy.seen.map { $0.answerTime?.milliseconds.rounded() } == [20, 40])
        #expect(policy.seen.map { $0.idlePower?.value } == [2, 4])
        #expect(run.calibration.bins.map(\.kept).reduce(0, +) == 2)
        policy = Listener(candidates: player.candidates, goal: goal.goal, choice: 0)
        let late = player.play(&policy, for: goal)
        #expect(policy.seen.map(\.isCensored) == [false, false])
        #expect(policy.seen.map(\.stagesDone) == [nil, nil])
        #expect(late.calibration.bins.map(\.kept).reduce(0, +) == 1)
    }

    @Test func `A sample that nothing is run for is late and costs the wait`() throws {
        let player = TracePlayer(try tiny())
        let goal = TraceGoal(
            goal: try Goal(deadline: .milliseconds(5), objective: .minimizeError(energy: nil)),
            period: .milliseconds(100))
        let run = try player.play("alert", for: goal, keepsSteps: true)
        #expect((run.expired, run.late, run.broken) == (2, 2, 2))
        #expect(near(run.energy, 0.8))
        #expect(run.steps.map(\.candidate) == [-1, -1])
    }
}
