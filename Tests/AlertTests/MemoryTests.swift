import Foundation
import Testing
import Units

@testable import Alert

/// What policies learn as a value that outlives them.
@Suite struct MemoryTests {
    private let goal: Goal
    private let request = DecisionRequest(timeLeft: .milliseconds(100))

    init() throws { goal = try .leastEnergy(100, accuracy: 0.75) }

    private func make(
        _ name: String, _ candidates: [CandidateProfile] = CandidateProfile.sizes, goal: Goal? = nil
    ) throws -> any RememberingPolicy {
        let policy = try Policies.make(name, candidates: candidates, idlePower: Watts(1), goal: goal ?? self.goal)
        return try #require(policy as? any RememberingPolicy)
    }

    /// Has a policy learn that the medium candidate takes much energy, and that only the small one's answers are wanted.
    private func teach(_ policy: inout any RememberingPolicy, _ rounds: Int = 300) {
        for _ in 0..<rounds {
            guard let candidate = policy.decide(request)?.candidate else { continue }
            let time = Duration.milliseconds(policy.candidates[candidate].time.median)
            let isMedium = policy.candidates[candidate].candidate.recognizer == "medium"
            policy.observe(Observation(candidate: candidate, time: time, energy: Joules(isMedium ? 2 : 0.4)))
            if var learner = policy as? any FeedbackPolicy & RememberingPolicy {
                learner.learn(candidate == 0 ? .good : .bad)
                policy = learner
            }
        }
    }

    /// A memory as it comes back from a file.
    private func written(_ memory: PolicyMemory) throws -> PolicyMemory {
        try JSONDecoder().decode(PolicyMemory.self, from: JSONEncoder().encode(memory))
    }

    private static let remembering = ["autoscale", "bandit"]

    @Test func `Policies that learn for long remember, and these alone`() throws {
        let found = try Policies.names.filter {
            try Policies.make($0, candidates: CandidateProfile.sizes, idlePower: Watts(1), goal: goal)
                is any RememberingPolicy
        }
        #expect(found == Self.remembering)
    }

    @Test(arguments: Self.remembering)
    func `What a policy recalls it chooses like the one that went on`(_ name: String) throws {
        var first = try make(name)
        teach(&first)
        var second = try make(name)
        var untaught = second
        let start = untaught.decide(request)?.candidate
        let memory = try written(first.memory)
        #expect(memory == first.memory)
        #expect(memory.lessons > 250)
        #expect(try second.recall(memory) == memory.lessons)
        #expect(second.memory == memory)
        for _ in 0..<50 {
            let (one, other) = (first.decide(request)?.candidate, second.decide(request)?.candidate)
            let chosen = try #require(one)
            #expect(other == chosen)
            #expect(chosen != start)
            let time = Duration.milliseconds(first.candidates[chosen].time.median)
            first.observe(Observation(candidate: chosen, time: time, energy: Joules(0.4)))
            second.observe(Observation(candidate: chosen, time: time, energy: Joules(0.4)))
        }
    }

    @Test func `Lessons of autoscale are for their goal alone`() throws {
        var first = try make("autoscale")
        teach(&first)
        for other in [
            try Goal.mostAccurate(100), try .leastEnergy(100, accuracy: 0.8), try .leastEnergy(50, accuracy: 0.75),
        ] {
            var second = try make("autoscale", goal: other)
            let error = #expect(throws: AlertError.self) { try second.recall(first.memory) }
            #expect(error?.code == .invalidMemory && error?.message.contains("another goal") == true)
            #expect(second.memory.lessons == 0)
        }
        let surer = try Goal(deadline: .seconds(0.1), objective: goal.objective, confidence: 0.5)
        var second = try make("autoscale", goal: surer)
        #expect(try second.recall(first.memory) == first.memory.lessons)
        second.goal = goal
        #expect(second.memory.lessons == first.memory.lessons, "another confidence is no other goal")
        second.goal = try .mostAccurate(100)
        #expect(second.memory.lessons == 0)
    }

    @Test func `Lessons of bandit are for any goal`() throws {
        var first = try make("bandit")
        teach(&first)
        var second = try make("bandit", goal: .mostAccurate(50))
        #expect(try second.recall(first.memory) == first.memory.lessons)
    }

    @Test func `Candidates of the same names take over what was learned, others' stays for their runs`() throws {
        var first = try make("autoscale")
        teach(&first)
        let whole = first.memory
        var part = try make("autoscale", Array(CandidateProfile.sizes.dropFirst()))
        let taken = try part.recall(whole)
        #expect(taken > 0 && taken < whole.lessons)
        #expect(part.decide(request)?.candidate == 1, "the large one, now second")
        #expect(part.memory.lessons == whole.lessons)
        var again = try make("autoscale")
        #expect(try again.recall(part.memory) == whole.lessons)
        #expect(again.decide(request)?.candidate == first.decide(request)?.candidate)
    }

    @Test func `A candidate that is new is held against others in one unit of energy`() throws {
        // With the small ones alone 100 % are 0.2 J; with the large one, which takes more than profiled, 0.4 J.
        var few = try make("autoscale", Array(CandidateProfile.sizes.dropLast()))
        for _ in 0..<100 {
            guard let candidate = few.decide(request)?.candidate else { continue }
            let profile = few.candidates[candidate]
            few.observe(
                Observation(
                    candidate: candidate, time: .milliseconds(profile.time.median),
                    energy: profile.power * Duration.milliseconds(profile.time.median)))
        }
        var all = try make("autoscale")
        #expect(try all.recall(few.memory) > 90)
        #expect(all.decide(request)?.candidate == 1, "as profiled, and so as learned, the medium one takes least")
    }

    private func damaged(_ memory: PolicyMemory, _ change: (inout PolicyMemory) -> Void) -> PolicyMemory {
        var memory = memory
        change(&memory)
        return memory
    }

    @Test(arguments: Self.remembering)
    func `A damaged memory is refused, and changes nothing`(_ name: String) throws {
        var first = try make(name)
        teach(&first)
        let whole = first.memory
        let key = try #require(whole.numbers.keys.sorted().last)
        let wrong: [(PolicyMemory, String)] = [
            (damaged(whole) { $0.format = "\(name)/99" }, "another version"),
            (damaged(whole) { $0.policy = "alert" }, "by alert"),
            (damaged(whole) { $0.lessons = -1 }, "lessons"),
            (damaged(whole) { $0.numbers[key] = nil }, "missing"),
            (damaged(whole) { $0.numbers[key]?.removeLast() }, "expected"),
            (damaged(whole) { $0.numbers[key]?[3] = .nan }, "not finite"),
            (damaged(whole) { $0.numbers[key]?[3] = .infinity }, "not finite"),
        ]
        for (memory, words) in wrong {
            var second = try make(name)
            let before = second.memory
            let error = #expect(throws: AlertError.self) { try second.recall(memory) }
            #expect(error?.code == .invalidMemory)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
            #expect(second.memory == before)
        }
    }

    @Test func `A memory of autoscale whose figures cannot be is refused`() throws {
        var first = try make("autoscale")
        teach(&first)
        let whole = first.memory
        for memory in [
            damaged(whole) { $0.numbers["visits"]?[0] = -1 },
            damaged(whole) { $0.numbers["visits"]?[0] = 0.5 },
            damaged(whole) { $0.numbers["visits"]?[0] = 1e300 },
            damaged(whole) { $0.numbers["energy_units_j"]?[0] = 0 },
            damaged(whole) { $0.names["candidates"]?[0] = whole.names["candidates"]?[1] ?? "" },
            damaged(whole) { $0.names["candidates"] = (0..<300).map { "\($0)" } },
            damaged(whole) { $0.names = [:] },
            damaged(whole) { memory in
                // Finite, but not in this run's unit of energy.
                memory.numbers["values"] = memory.numbers["values"]?.map { _ in 1e308 }
                memory.numbers["energy_units_j"] = memory.numbers["energy_units_j"]?.map { _ in 1e308 }
            },
        ] {
            var second = try make("autoscale")
            let error = #expect(throws: AlertError.self) { try second.recall(memory) }
            #expect(error?.code == .invalidMemory)
            #expect(second.memory.lessons == 0)
        }
    }

    @Test func `A memory of bandit that no feedback leads to is refused`() throws {
        var first = try make("bandit")
        teach(&first)
        let whole = first.memory
        for memory in [
            damaged(whole) { $0.numbers["inverse"]?[0] = -0.1 },
            damaged(whole) { $0.numbers["inverse"]?[0] = 7 },
            damaged(whole) { $0.numbers["inverse"]?[1] += 0.1 },
            damaged(whole) { $0.numbers["inverse"] = Array(repeating: 1, count: 64) },
            damaged(whole) { $0.numbers["moments"] = Array(repeating: 1000, count: 8) },
        ] {
            var second = try make("bandit")
            #expect(throws: AlertError.self) { try second.recall(memory) }
            #expect(second.memory.lessons == 0)
        }
    }

    @Test func `A regression that went on for long is taken for sound`() throws {
        var regression = RidgeRegression(guess: [0, 1, 0, 0, 0, 0, 0, 0], stiffness: 1)
        var generator = SeededGenerator(seed: 3)
        // Two features alone vary, as on a machine that does not: rounding has all the others to itself.
        for _ in 0..<200_000 {
            regression.observe([1, 0.8, generator.uniform(0...1), 0, generator.uniform(0...1), 0, 0, 0], 1)
        }
        let known = try #require(
            RidgeRegression(inverse: regression.inverseNumbers, moments: regression.momentNumbers, stiffness: 1))
        #expect(known.inverse == regression.inverse && known.weights == regression.weights)
    }
}
