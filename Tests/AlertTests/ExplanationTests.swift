import Alert
import Testing
import Units

@Suite struct ExplanationTests {
    private let candidates = [
        CandidateProfile("efficientnet-lite0-fp32", milliseconds: 10, watts: 10, accuracy: 0.85),
        CandidateProfile("efficientnet-lite1-fp32", milliseconds: 20, watts: 10, accuracy: 0.868),
        CandidateProfile("efficientnet-lite2-fp32", milliseconds: 30, watts: 10, accuracy: 0.88),
        CandidateProfile("efficientnet-lite2-fp32", threads: 1, milliseconds: 50, watts: 6, accuracy: 0.88),
    ]

    private func prediction(_ probability: Double, _ accuracy: Double, _ energy: Double) -> Prediction {
        Prediction(time: .milliseconds(30), probability: probability, accuracy: accuracy, energy: Joules(energy))
    }

    private func words(
        _ candidate: Int, _ prediction: Prediction, _ rule: Decision.Rule, _ runnerUp: Int? = nil,
        _ other: Prediction? = nil, goal: Goal, timeLeft: Duration? = nil
    ) -> String {
        let decision = Decision(
            candidate: candidate, prediction: prediction, rule: rule, runnerUp: runnerUp, runnerUpPrediction: other)
        return decision.explanation(candidates: candidates, goal: goal, timeLeft: timeLeft ?? goal.deadline)
    }

    @Test func `The fewest errors, against what would save energy`() throws {
        let text = words(
            2, prediction(0.974, 0.88, 0.3), .goalMet, 1, prediction(0.99, 0.868, 0.2), goal: try .mostAccurate(40))
        #expect(
            text == "efficientnet-lite2-fp32, 2 threads: 97 % sure to meet 40 ms; "
                + "efficientnet-lite1-fp32 would save 0.10 J but cost 1.2 points")
    }

    @Test func `The least energy, against what would add accuracy`() throws {
        let text = words(
            1, prediction(0.99, 0.876, 0.21), .goalMet, 2, prediction(0.97, 0.88, 0.33),
            goal: try .leastEnergy(40, accuracy: 0.85))
        #expect(
            text == "efficientnet-lite1-fp32, 2 threads: least energy (0.21 J) with expected accuracy 0.88 ≥ 0.85; "
                + "efficientnet-lite2-fp32 would add 0.4 points for 0.12 J more")
    }

    @Test func `A recognizer the deadline ruled out`() throws {
        let text = words(
            0, prediction(0.99, 0.84, 0.1), .goalMet, 1, prediction(0.61, 0.5, 0.2), goal: try .mostAccurate(20))
        #expect(
            text == "efficientnet-lite0-fp32, 2 threads: 99 % sure to meet 20 ms; "
                + "efficientnet-lite1-fp32 would add 1.8 points but is only 61 % sure")
    }

    @Test func `A rival that differs in its setting is named with it`() throws {
        let text = words(
            2, prediction(0.99, 0.88, 0.30), .goalMet, 3, prediction(0.96, 0.8797, 0.27), goal: try .mostAccurate(60))
        #expect(
            text == "efficientnet-lite2-fp32, 2 threads: 99 % sure to meet 60 ms; "
                + "efficientnet-lite2-fp32 with 1 thread would save 0.030 J but cost less than 0.1 points")
    }

    @Test func `No candidate likely enough`() throws {
        let text = words(0, prediction(0.719, 0.6, 0.1), .deadlineUnlikely, goal: try .mostAccurate(8))
        #expect(
            text == "efficientnet-lite0-fp32, 2 threads: no candidate is 95 % sure to meet 8 ms; "
                + "this one is the likeliest (71 %)")
    }

    @Test func `No candidate accurate enough`() throws {
        let text = words(
            2, prediction(0.97, 0.86, 0.3), .accuracyRelaxed, goal: try .leastEnergy(40, accuracy: 0.95))
        #expect(
            text
                == "efficientnet-lite2-fp32, 2 threads: no candidate is 95 % sure to answer in time with accuracy 0.95; "
                + "this one is the most accurate (0.86), 97 % sure to meet 40 ms")
    }

    @Test func `One that keeps all bounds, and is not quite sure enough`() throws {
        let text = words(
            2, prediction(0.93, 0.96, 0.3), .confidenceRelaxed, goal: try .leastEnergy(40, accuracy: 0.95))
        #expect(
            text == "efficientnet-lite2-fp32, 2 threads: no candidate is 95 % sure to keep every bound; "
                + "this one is the likeliest, 93 % sure to meet 40 ms")
    }

    @Test func `No candidate within the energy`() throws {
        let text = words(2, prediction(0.97, 0.86, 0.3), .energyRelaxed, goal: try .mostAccurate(40, energy: 0.05))
        #expect(
            text == "efficientnet-lite2-fp32, 2 threads: no candidate in time stays within 0.050 J; "
                + "this one is the most accurate (0.30 J), 97 % sure to meet 40 ms")
    }

    @Test func `A static choice`() throws {
        let text = words(0, prediction(0.999, 0.85, 0.1), .fixed, goal: try .mostAccurate(40))
        #expect(text == "efficientnet-lite0-fp32, 2 threads: always chosen; over 99 % sure to meet 40 ms")
    }

    @Test func `What is left of the deadline is told when part of it has passed`() throws {
        let text = words(
            0, prediction(1, 0.85, 0.1), .goalMet, goal: try .mostAccurate(40), timeLeft: .milliseconds(32.5))
        #expect(text == "efficientnet-lite0-fp32, 2 threads: over 99 % sure to meet 40 ms (32.5 ms left)")
    }

    @Test func `A bound met by a hair is shown with the digits that tell`() throws {
        let text = words(
            1, prediction(1, 0.8503, 0.005), .goalMet, goal: try .leastEnergy(40, accuracy: 0.85))
        #expect(text.hasSuffix("least energy (0.0050 J) with expected accuracy 0.8503 ≥ 0.8500"))
    }

    @Test(arguments: [1, 2, 3])
    func `Real decisions explain themselves with the candidates' names`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let table = CandidateProfile.random(20, stages: true, using: &generator)
        for name in Policies.names {
            let goal = try Goal.mostAccurate(60, energy: generator.uniform(0.05...1))
            var policy = try Policies.make(name, candidates: table, idlePower: Watts(3), goal: goal)
            policy.settle()
            let left = Duration.milliseconds(generator.uniform(10...60))
            let decided = policy.decide(DecisionRequest(timeLeft: left, period: .milliseconds(60)))
            let decision = try #require(decided)
            let text = decision.explanation(candidates: table, goal: goal, timeLeft: left)
            #expect(text.hasPrefix(table[decision.candidate].candidate.recognizer + ", "))
            #expect(!text.contains("nan"))
        }
    }
}
