import Alert
import Testing
import Units

@Suite struct CandidateSetTests {
    private static func random(_ generator: inout SeededGenerator) -> Set<Int> {
        let share = generator.share()
        return Set((0..<CandidateSet.capacity).filter { _ in generator.share() < share })
    }

    @Test func `It holds what a set of the standard library holds`() {
        var generator = SeededGenerator(seed: 71)
        for _ in 0..<200 {
            let (first, second) = (Self.random(&generator), Self.random(&generator))
            let (one, other) = (CandidateSet(first), CandidateSet(second))
            #expect(Array(one) == first.sorted())
            #expect(one.count == first.count)
            #expect(one.isEmpty == first.isEmpty)
            #expect((-1...300).allSatisfy { one.contains($0) == first.contains($0) })
            #expect(Array(one.intersection(other)) == first.intersection(second).sorted())
            #expect(Array(one.union(other)) == first.union(second).sorted())
            #expect(Array(one.subtracting(other)) == first.subtracting(second).sorted())
        }
    }

    @Test func `Every range is the set of its indices`() {
        for first in stride(from: 0, through: 256, by: 3) {
            for end in stride(from: first, through: 256, by: 5) {
                #expect(Array(CandidateSet(first..<end)) == Array(first..<end))
            }
        }
        #expect(CandidateSet(0..<256).count == 256)
    }

    @Test func `Indices are put in and taken out`() {
        var set = CandidateSet()
        for index in [0, 63, 64, 255] { set.insert(index) }
        set.remove(63)
        set.remove(63)
        set.remove(1000)
        #expect(Array(set) == [0, 64, 255])
    }
}

@Suite struct ReadinessTests {
    @Test(arguments: Policies.names)
    func `Only what is ready is chosen, and shown beside it`(_ name: String) throws {
        var generator = SeededGenerator(seed: 72)
        let candidates = CandidateProfile.random(80, stages: true, using: &generator)
        var policy = try Policies.make(name, candidates: candidates, idlePower: Watts(3), goal: .mostAccurate(100))
        for _ in 0..<500 {
            let share = generator.share() / 4
            let ready = CandidateSet(candidates.indices.filter { _ in generator.share() < share })
            for mustAnswer in [false, true] {
                let request = DecisionRequest(
                    timeLeft: .milliseconds(generator.uniform(90...200)), candidates: ready, mustAnswer: mustAnswer)
                let decision = policy.decide(request)
                #expect((decision == nil) == ready.isEmpty)
                #expect(decision.map { ready.contains($0.candidate) } ?? true)
                #expect(decision?.runnerUp.map(ready.contains) ?? true)
            }
        }
    }

    // Of the others' rules some are about the whole table, such as which setting is the default one.
    @Test(arguments: ["alert", "alert-paper", "alert-mean", "fastest", "most-accurate"])
    func `What is not ready is as if it were not there`(_ name: String) throws {
        var generator = SeededGenerator(seed: 73)
        for _ in 0..<100 {
            let all = CandidateProfile.random(20, using: &generator)
            let kept = all.indices.filter { _ in generator.share() < 0.5 }
            guard !kept.isEmpty else { continue }
            let goal = try Goal.mostAccurate(100)
            var whole = try StaticPolicy.mostAccurate(candidates: all, idlePower: Watts(3), goal: goal) as any Policy
            var part =
                try StaticPolicy.mostAccurate(
                    candidates: kept.map { all[$0] }, idlePower: Watts(3), goal: goal) as any Policy
            if name != "most-accurate" {
                whole = try Policies.make(name, candidates: all, idlePower: .zero, goal: goal)
                part = try Policies.make(name, candidates: kept.map { all[$0] }, idlePower: .zero, goal: goal)
            }
            let left = Duration.milliseconds(generator.uniform(85...150))
            let restricted = whole.decide(DecisionRequest(timeLeft: left, candidates: CandidateSet(kept)))
            let alone = part.decide(DecisionRequest(timeLeft: left))
            #expect(restricted?.candidate == alone.map { kept[$0.candidate] })
        }
    }

    @Test func `The time needed is that of the quickest that is ready`() throws {
        var policy = try AlertPolicy(candidates: CandidateProfile.sizes, idlePower: Watts(3), goal: .mostAccurate(40))
        policy.settle()
        #expect(abs(policy.timeNeeded(confidence: 0.5, among: CandidateSet([1, 2])).milliseconds - 20) < 0.5)
        #expect(policy.timeNeeded(confidence: 0.5, among: CandidateSet()) == .zero)
        #expect(policy.timeNeeded(confidence: 0.5, among: nil) == policy.timeNeeded(confidence: 0.5))
    }

    @Test func `More candidates than a set holds are refused`() throws {
        var generator = SeededGenerator(seed: 74)
        let candidates = CandidateProfile.random(257, using: &generator)
        #expect {
            _ = try AlertPolicy(candidates: candidates, idlePower: Watts(3), goal: .mostAccurate(40))
        } throws: {
            "\($0)".contains("257 candidates")
        }
    }

    @Test func `A candidate can run when all models are there that it needs`() {
        // Who needs each model: the first candidate the first one, the second both, the third the second one.
        let needed = [CandidateSet([0, 1]), CandidateSet([1, 2])]
        func runnable(_ there: Set<Int>) -> CandidateSet {
            needed.indices.runnable({ needed[$0] }, where: there.contains)
        }
        #expect(runnable([]) == CandidateSet())
        #expect(runnable([0]) == CandidateSet([0]))
        #expect(runnable([1]) == CandidateSet([2]))
        #expect(runnable([0, 1]) == CandidateSet([0, 1, 2]))
    }
}
