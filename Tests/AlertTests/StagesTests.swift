import Foundation
import Testing
import Units

@testable import Alert

extension CandidateProfile {
    /// A recogniser that answers in stages, each `(milliseconds, accuracy)`.
    init(_ recognizer: String, stages: [(milliseconds: Double, accuracy: Double)], watts: Double) {
        let stages = stages.map { StageProfile(time: .steady($0.milliseconds), accuracy: $0.accuracy) }
        self.init(
            candidate: Candidate(recognizer: recognizer, setting: Setting(threads: 2)),
            time: stages.last?.time ?? .steady(1), power: Watts(watts), accuracy: stages.last?.accuracy ?? 0,
            stages: stages)
    }

    /// Three stages of 10, 25 and 45 ms.
    static let cascade = CandidateProfile("cascade", stages: [(10, 0.6), (25, 0.75), (45, 0.88)], watts: 12)
}

@Suite struct StagesTests {
    /// A policy that has seen slow-downs around 1.3, so that stages are neither certain nor hopeless.
    private func unsteady(_ candidate: CandidateProfile, missAccuracy: Double = 0.1) throws -> AlertPolicy {
        let goal = try Goal(
            deadline: .milliseconds(100), objective: .minimizeError(energy: nil), missAccuracy: missAccuracy)
        var policy = try AlertPolicy(.plain, candidates: [candidate], idlePower: Watts(3), goal: goal)
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<200 {
            let time = candidate.time.median * generator.uniform(1...1.6)
            policy.observe(Observation(candidate: 0, time: .milliseconds(time)))
        }
        return policy
    }

    @Test(arguments: [12, 20, 30, 40, 55, 80])
    func `Expected accuracy is that of the last stage done, over how many may be done`(_ left: Int) throws {
        var policy = try unsteady(.cascade)
        let (mean, deviation) = (policy.slowdown.mean, policy.slowdown.standardDeviation)
        let decided = policy.decide(DecisionRequest(timeLeft: .milliseconds(left), mustAnswer: true))
        let prediction = try #require(decided).prediction
        // The paper's sum: each answer times the probability that it is the last one in time.
        let done =
            [1.0]
            + CandidateProfile.cascade.stages.map {
                exactNormal((Double(left) / $0.time.median - mean) / deviation)
            } + [0]
        let accuracies = [0.1] + CandidateProfile.cascade.stages.map(\.accuracy)
        let expected = accuracies.indices.reduce(0) { $0 + accuracies[$1] * (done[$1] - done[$1 + 1]) }
        #expect(abs(prediction.accuracy - expected) < 1e-5)
        #expect(abs(prediction.probability - done[1]) < 1e-5)
    }

    @Test(arguments: [12, 30, 55, 80, 200])
    func `Energy is spent until the last stage is done or the deadline stops it`(_ left: Int) throws {
        var policy = try unsteady(.cascade)
        let (mean, deviation) = (policy.slowdown.mean, policy.slowdown.standardDeviation)
        let decided = policy.decide(DecisionRequest(timeLeft: .milliseconds(left), mustAnswer: true))
        let prediction = try #require(decided).prediction
        // E[min(ξ t, T)] by summing over ξ in small steps.
        let steps = 20_000
        let expected = (0..<steps).reduce(0.0) { sum, step in
            let z = -6 + 12 * (Double(step) + 0.5) / Double(steps)
            let time = min(45 * (mean + deviation * z), Double(left))
            return sum + time * (exactNormal(z + 6 / Double(steps)) - exactNormal(z - 6 / Double(steps)))
        }
        #expect(abs(prediction.time.milliseconds - expected) < 0.01)
        #expect(abs(prediction.energy.value - 12 * expected * 1e-3) < 1e-3)
    }

    @Test func `Where the last stage may be late a recogniser with stages is preferred to one without`() throws {
        let single = CandidateProfile("single", milliseconds: 40, watts: 12, accuracy: 0.9)
        let goal = try Goal(deadline: .milliseconds(100), objective: .minimizeError(energy: nil), confidence: 0.5)
        var policy = try AlertPolicy(candidates: [single, .cascade], idlePower: Watts(3), goal: goal)
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            policy.observe(Observation(candidate: 0, time: .milliseconds(40 * generator.uniform(0.9...1.6))))
        }
        #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(50)))?.candidate == 1)
        #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(90)))?.candidate == 0)
    }

    @Test func `A run stopped on its way teaches what its last answer took`() throws {
        var policy = try AlertPolicy(candidates: [.cascade], idlePower: Watts(3), goal: .mostAccurate(40))
        for _ in 0..<200 {
            policy.observe(
                Observation(
                    candidate: 0, time: .milliseconds(40), isCensored: true, stagesDone: 2,
                    answerTime: .milliseconds(35)))
        }
        #expect(abs(policy.slowdown.mean - 1.4) < 0.01)
    }

    @Test func `A stage that was not done in time counts where it tells of more`() throws {
        var policy = try AlertPolicy(candidates: [.cascade], idlePower: Watts(3), goal: .mostAccurate(90))
        for _ in 0..<200 {
            policy.observe(
                Observation(
                    candidate: 0, time: .milliseconds(90), isCensored: true, stagesDone: 2,
                    answerTime: .milliseconds(25)))
        }
        // The second stage took what was profiled, but the third was not done after twice its time.
        #expect(abs(policy.slowdown.mean - 2) < 0.01)
    }

    @Test func `A first stage that was not done does not make the machine look faster`() throws {
        var policy = try AlertPolicy(candidates: [.cascade], idlePower: Watts(3), goal: .mostAccurate(90))
        policy.settle()
        let before = policy.slowdown.mean
        policy.observe(Observation(candidate: 0, time: .milliseconds(5), isCensored: true, stagesDone: 0))
        #expect(policy.slowdown.mean >= before - 1e-12)
    }

    @Test func `The first answer's time is the time needed, and expires samples`() throws {
        var policy = try AlertPolicy(candidates: [.cascade], idlePower: Watts(3), goal: .mostAccurate(90))
        policy.settle()
        #expect(policy.timeNeeded(confidence: 0.5) < .milliseconds(11))
        #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(10))) != nil)
        #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(9))) == nil)
    }

    @Test func `Each stop is a candidate of its own`() throws {
        let stops = CandidateProfile.cascade.stops
        #expect(stops.map(\.candidate.name) == ["cascade@cpu-2t#1", "cascade@cpu-2t#2", "cascade@cpu-2t"])
        #expect(stops.map(\.accuracy) == [0.6, 0.75, 0.88])
        #expect(stops.map(\.stages.count) == [1, 2, 3])
        #expect(CandidateProfile.sizes[0].stops == [CandidateProfile.sizes[0]])
        // Least energy takes the stop that is accurate enough.
        var policy = try AlertPolicy(candidates: stops, idlePower: Watts(3), goal: .leastEnergy(100, accuracy: 0.7))
        policy.settle()
        #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(100)))?.candidate == 1)
    }

    @Test func `Stages survive their file, and candidates without have no such key`() throws {
        let data = try JSONEncoder().encode(CandidateProfile.cascade.stops)
        #expect(try JSONDecoder().decode([CandidateProfile].self, from: data) == CandidateProfile.cascade.stops)
        let plain = try JSONEncoder().encode(CandidateProfile.sizes[0])
        let keys = try #require(JSONSerialization.jsonObject(with: plain) as? [String: Any]).keys
        #expect(!keys.contains("stages"))
    }

    @Test func `Stages that cannot have been measured are refused, with their place`() throws {
        var backwards = CandidateProfile.cascade
        backwards.stages.swapAt(0, 1)
        var cut = CandidateProfile.cascade
        cut.stages.removeLast()
        var stray = CandidateProfile.sizes[0]
        stray.candidate.stage = 1
        let messages = [
            (backwards, "stage 2 answers before"), (cut, "its last stage has another"), (stray, "no stages"),
        ]
        for (broken, words) in messages {
            let error = #expect(throws: AlertError.self) {
                try AlertPolicy(candidates: [broken], idlePower: Watts(3), goal: .mostAccurate(90))
            }
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
    }

    @Test func `What a sure stage spares is counted on`() throws {
        let goal = try Goal.mostAccurate(100)
        var policy = try AlertPolicy(.plain, candidates: [.cascade], idlePower: .zero, goal: goal)
        func expected() throws -> Prediction {
            let decided = policy.decide(DecisionRequest(timeLeft: .milliseconds(100)))
            return try #require(decided).prediction
        }
        for _ in 0..<100 { policy.observe(Observation(candidate: 0, time: .milliseconds(45), stagesDone: 3)) }
        let whole = try expected()
        #expect(abs(whole.time.milliseconds - 45) < 1)
        // Three samples in four end after the first stage, the others after the last.
        for sample in 0..<400 {
            let ends = sample % 4 != 0
            policy.observe(
                Observation(
                    candidate: 0, time: .milliseconds(ends ? 10 : 45), stagesDone: ends ? 1 : 3, endedSure: ends))
        }
        let part = try expected()
        #expect(abs(part.time.milliseconds - (10 + 0.25 * 35)) < 3)
        #expect(part.energy.value < 0.55 * whole.energy.value)
        #expect(part.accuracy == whole.accuracy && abs(policy.slowdown.mean - 1) < 0.02)
    }

    @Test func `A stage that was stopped says nothing of how sure stages are`() throws {
        let goal = try Goal.mostAccurate(100)
        var policy = try AlertPolicy(.plain, candidates: [.cascade], idlePower: .zero, goal: goal)
        for _ in 0..<200 {
            policy.observe(
                Observation(candidate: 0, time: .milliseconds(30), stagesDone: 2, answerTime: .milliseconds(25)))
        }
        let decided = policy.decide(DecisionRequest(timeLeft: .milliseconds(100)))
        #expect(abs(try #require(decided).prediction.time.milliseconds - 45) < 1)
    }
}
