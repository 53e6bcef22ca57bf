import Alert
import Testing
import Units

@Suite struct RunnerUpTests {
    private func decide(_ goal: Goal, timeLeft: Int) throws -> Decision {
        var policy = try AlertPolicy(candidates: CandidateProfile.sizes, idlePower: .zero, goal: goal)
        policy.settle()
        let decided = policy.decide(DecisionRequest(timeLeft: .milliseconds(timeLeft)))
        return try #require(decided)
    }

    @Test func `For the fewest errors it is the most accurate of the cheaper ones`() throws {
        let decision = try decide(.mostAccurate(100), timeLeft: 100)
        #expect(decision.candidate == 2)
        #expect(decision.runnerUp == 1)
        #expect(try #require(decision.runnerUpPrediction).energy < decision.prediction.energy)
    }

    @Test func `For the least energy it is the next more accurate one`() throws {
        let decision = try decide(.leastEnergy(100, accuracy: 0.65), timeLeft: 100)
        #expect(decision.candidate == 0)
        #expect(decision.runnerUp == 1)
    }

    @Test func `Where nothing is cheaper it is the likeliest one the deadline ruled out`() throws {
        let decision = try decide(.mostAccurate(15), timeLeft: 15)
        #expect(decision.candidate == 0)
        #expect(decision.runnerUp == 1)
        #expect(try #require(decision.runnerUpPrediction).probability < 0.95)
    }

    @Test func `Where the deadline is unlikely nothing is weighed`() throws {
        #expect(try decide(.mostAccurate(10), timeLeft: 10).runnerUp == nil)
    }
}
