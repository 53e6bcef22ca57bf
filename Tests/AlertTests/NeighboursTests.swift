import Testing
import Units

@testable import Alert

@Suite struct NeighboursTests {
    private func policy(_ goal: Goal) throws -> AlertPolicy {
        var policy = try AlertPolicy(candidates: CandidateProfile.sizes, idlePower: .zero, goal: goal)
        policy.settle()
        return policy
    }

    private func chosen(_ policy: inout AlertPolicy, _ neighbours: Neighbours?, price: Double = 0) -> Decision? {
        policy.decide(
            DecisionRequest(
                timeLeft: .milliseconds(60), period: .milliseconds(60), neighbours: neighbours, energyPrice: price))
    }

    @Test func `A candidate that must wait has so much less time left`() throws {
        var policy = try policy(.mostAccurate(60))
        #expect(chosen(&policy, nil)?.candidate == 2)
        let all = CandidateSet(0..<3)
        // 60 ms less 15 is enough for 40 ms, less 30 for 20 ms alone.
        #expect(chosen(&policy, Neighbours(delayed: all, delay: .milliseconds(15)))?.candidate == 2)
        #expect(chosen(&policy, Neighbours(delayed: all, delay: .milliseconds(30)))?.candidate == 1)
        // Only those that wait.
        #expect(chosen(&policy, Neighbours(delayed: CandidateSet([2]), delay: .milliseconds(30)))?.candidate == 1)
        #expect(chosen(&policy, Neighbours(delayed: CandidateSet([0, 1]), delay: .milliseconds(30)))?.candidate == 2)
        let hopeless = chosen(&policy, Neighbours(delayed: all, delay: .milliseconds(70)))
        #expect(hopeless?.rule == .deadlineUnlikely)
        // What is expected of the inference does not hold the wait.
        let waited = chosen(&policy, Neighbours(delayed: all, delay: .milliseconds(15)))
        #expect(abs((waited?.prediction.time.milliseconds ?? 0) - 40) < 1)
    }

    @Test func `One that makes another stream late is not chosen where another in time does not`() throws {
        var policy = try policy(.mostAccurate(60))
        let all = CandidateSet(0..<3)
        #expect(chosen(&policy, Neighbours(crowding: CandidateSet([2]), room: .milliseconds(30)))?.candidate == 1)
        #expect(chosen(&policy, Neighbours(crowding: all, room: .milliseconds(30)))?.candidate == 1)
        #expect(chosen(&policy, Neighbours(crowding: CandidateSet([2]), room: .milliseconds(50)))?.candidate == 2)
        // The wait is of the time that it must be done in.
        let waits = Neighbours(
            delayed: all, delay: .milliseconds(10), crowding: CandidateSet([2]), room: .milliseconds(45))
        #expect(chosen(&policy, waits)?.candidate == 1)
        // All would.
        #expect(chosen(&policy, Neighbours(crowding: all, room: .milliseconds(5)))?.candidate == 2)
    }

    @Test func `A shared price weighs accuracy against energy, within the sample's own bound, and is told`() throws {
        var free = try policy(.mostAccurate(60))
        // 0.1 J for 0.1, 0.2 J for 0.1 more.
        #expect(chosen(&free, nil, price: 0.1)?.rule == .goalMet)
        let dear = chosen(&free, nil, price: 0.7)
        #expect(dear?.candidate == 1 && dear?.rule == .energyPriced && dear?.runnerUp == 2)
        let words = dear?.explanation(
            candidates: CandidateProfile.sizes, goal: try .mostAccurate(60), timeLeft: .milliseconds(60))
        #expect(words?.hasSuffix("large would add 10.0 points for 0.20 J more, too much for the energy budget") == true)
        #expect(chosen(&free, nil, price: 1.5)?.candidate == 0)
        var bound = try policy(.mostAccurate(60, energy: 0.25))
        #expect(chosen(&bound, nil, price: 0.1)?.candidate == 1)
        #expect(chosen(&bound, nil, price: 0.1)?.rule == .goalMet)
        #expect(chosen(&bound, nil, price: 1.5)?.rule == .energyPriced)
        // Who minimises energy anyway spends as little as it may.
        var saving = try policy(.leastEnergy(60, accuracy: 0.85))
        #expect(chosen(&saving, nil, price: 5)?.candidate == 2)
        #expect(chosen(&saving, nil, price: 5)?.rule == .goalMet)
    }

    @Test(arguments: 1..<30 as Range<UInt64>)
    func `The choice beside a neighbour is that of a plain search`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let candidates = CandidateProfile.random(24, using: &random)
        let goal = try Goal.mostAccurate(80)
        var policy = try AlertPolicy(.plain, candidates: candidates, idlePower: .zero, goal: goal)
        var alone = policy
        for _ in 0..<50 {
            let (delayed, crowding) = (
                CandidateSet(candidates.indices.filter { _ in random.next() % 2 == 0 }),
                CandidateSet(candidates.indices.filter { _ in random.next() % 2 == 0 })
            )
            let neighbours = Neighbours(
                delayed: delayed, delay: .milliseconds(random.uniform(1...60)), crowding: crowding,
                room: .milliseconds(random.uniform(1...80)))
            let timeLeft = Duration.milliseconds(random.uniform(20...80))
            let decided = policy.decide(
                DecisionRequest(timeLeft: timeLeft, mustAnswer: true, neighbours: neighbours))
            let decision = try #require(decided)
            // Each candidate by itself, with the time that is left when it begins.
            let single = candidates.indices.compactMap { index -> (index: Int, prediction: Prediction)? in
                let wait = delayed.contains(index) ? neighbours.delay : .zero
                return alone.decide(
                    DecisionRequest(
                        timeLeft: max(timeLeft - wait, .zero), candidates: CandidateSet([index]), mustAnswer: true)
                ).map { (index, $0.prediction) }
            }
            let inTime = single.filter { $0.prediction.probability >= goal.confidence }
            let considerate = inTime.filter { one in
                let wait = delayed.contains(one.index) ? neighbours.delay : .zero
                return !crowding.contains(one.index) || wait + one.prediction.time <= neighbours.room
            }
            let pool = considerate.isEmpty ? inTime : considerate
            if pool.isEmpty {
                #expect(decision.rule == .deadlineUnlikely)
            } else {
                let best = pool.map(\.prediction.accuracy).max() ?? 0
                #expect(abs(decision.prediction.accuracy - best) < 1e-9)
            }
        }
    }
}
