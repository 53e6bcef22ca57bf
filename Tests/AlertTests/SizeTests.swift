import Alert
import Foundation
import Testing
import Units

/// Samples of different sizes, and choices among some of the candidates only.
@Suite struct SizeTests {
    /// One candidate whose time grows with the sample, and one whose does not.
    private static let candidates = [
        CandidateProfile(
            candidate: Candidate(recognizer: "growing", setting: Setting(threads: 2), task: "partial"),
            time: .steady(40), growth: 0.75, power: Watts(10), accuracy: 0.9),
        CandidateProfile("constant", milliseconds: 60, watts: 10, accuracy: 0.8),
    ]

    private func settledPolicy(deadline: Int = 1000) throws -> AlertPolicy {
        var policy = try AlertPolicy(
            candidates: Self.candidates, idlePower: Watts(3), goal: .mostAccurate(deadline))
        policy.settle()
        return policy
    }

    @Test func `A prediction grows with the sample as far as the candidate's time does`() throws {
        var policy = try settledPolicy()
        let smallChoice = policy.decide(DecisionRequest(timeLeft: .seconds(1), size: 0.2))
        let small = try #require(smallChoice)
        let largeChoice = policy.decide(DecisionRequest(timeLeft: .seconds(1), size: 3))
        let large = try #require(largeChoice)
        #expect(small.candidate == 0 && large.candidate == 0)
        // 40 ms · (1 + 0.75 · (s − 1)), and the slow-down has settled at 1.
        #expect(abs(small.prediction.time.milliseconds - 16) < 0.5)
        #expect(abs(large.prediction.time.milliseconds - 100) < 2)
    }

    @Test func `A sample too large for the accurate candidate gets the one whose time stays`() throws {
        var policy = try settledPolicy(deadline: 80)
        #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(80), size: 1))?.candidate == 0)
        #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(80), size: 3))?.candidate == 1)
    }

    @Test func `Long samples do not count as a slow machine`() throws {
        var policy = try settledPolicy()
        for _ in 0..<100 { policy.observe(Observation(candidate: 0, size: 3, time: .milliseconds(100))) }
        #expect(abs(policy.slowdown.mean - 1) < 0.05)
    }

    @Test func `A small sample is worth a try in a time that a large one has expired in`() throws {
        var policy = try settledPolicy()
        #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(20), size: 0.2)) != nil)
        #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(20), size: 1)) == nil)
    }

    @Test(arguments: Policies.names)
    func `Only candidates of the given range are chosen`(_ name: String) throws {
        var generator = SeededGenerator(seed: 7)
        let candidates = CandidateProfile.random(12, stages: true, using: &generator)
        var policy = try Policies.make(
            name, candidates: candidates, idlePower: Watts(3), goal: .mostAccurate(100))
        for _ in 0..<200 {
            let first = Int(generator.share() * 12)
            let range = first..<(first + 1 + Int(generator.share() * Double(12 - first)))
            for timeLeft in [Duration.seconds(1), .milliseconds(81)] {
                let decided = policy.decide(DecisionRequest(timeLeft: timeLeft, candidates: CandidateSet(range)))
                let decision = try #require(decided)
                #expect(range.contains(decision.candidate))
                #expect(decision.runnerUp.map(range.contains) ?? true)
            }
        }
    }

    @Test func `A candidate's name says its task`() {
        #expect(Self.candidates[0].candidate.name == "growing@cpu-2t:partial")
        #expect(Self.candidates[1].candidate.name == "constant@cpu-2t")
    }

    @Test func `A profile keeps growth, and one from before there was growth is read`() throws {
        let coded = try JSONEncoder().encode(Self.candidates)
        #expect(try JSONDecoder().decode([CandidateProfile].self, from: coded) == Self.candidates)
        var objects = try #require(try JSONSerialization.jsonObject(with: coded) as? [[String: Any]])
        for index in objects.indices { #expect(objects[index].removeValue(forKey: "growth") != nil) }
        let old = try JSONSerialization.data(withJSONObject: objects)
        let read = try JSONDecoder().decode([CandidateProfile].self, from: old)
        #expect(read.map(\.growth) == [0, 0])
    }
}
