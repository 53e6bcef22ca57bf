import Testing
import Units

@testable import Alert

@Suite struct TimeNeededTests {
    @Test func `It is the quickest candidate's time at the present slow-down`() throws {
        var policy = try AlertPolicy(
            .plain, candidates: CandidateProfile.sizes, idlePower: Watts(3), goal: .mostAccurate(40))
        for _ in 0..<200 { policy.observe(Observation(candidate: 1, time: .milliseconds(40))) }
        #expect(abs(policy.timeNeeded(confidence: 0.5).milliseconds - 20) < 0.5)
        let estimate = policy.slowdown
        let wanted = 10 * (estimate.mean + 1.6448536 * estimate.standardDeviation)
        #expect(abs(policy.timeNeeded(confidence: 0.95).milliseconds - wanted) < 1e-3)
    }

    @Test func `More confidence takes more time`() throws {
        let policy = try AlertPolicy(candidates: CandidateProfile.sizes, idlePower: Watts(3), goal: .mostAccurate(40))
        let times = [0, 0.1, 0.5, 0.9, 0.99, 1].map { policy.timeNeeded(confidence: $0) }
        #expect(times == times.sorted())
        #expect(times[0] >= .zero)
    }

    @Test func `A static policy tells its own candidate's time`() throws {
        var policy = try StaticPolicy.mostAccurate(
            candidates: CandidateProfile.sizes, idlePower: Watts(3), goal: .mostAccurate(40))
        policy.settle()
        #expect(abs(policy.timeNeeded(confidence: 0.5).milliseconds - 40) < 0.5)
    }
}
