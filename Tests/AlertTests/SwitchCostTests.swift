import Testing
import Units

@testable import Alert

@Suite struct SwitchCostTests {
    /// Runs candidates in turn on a machine where a switch takes `cost` more, with some noise.
    private func run(
        _ policy: inout AlertPolicy, _ sequence: [Int], rounds: Int, cost: Double, noise: Double,
        using generator: inout SeededGenerator
    ) {
        var last: Int?
        for _ in 0..<rounds {
            for candidate in sequence {
                var time = policy.candidates[candidate].time.median * (1 + noise * generator.normal())
                if let last, last != candidate { time += cost }
                last = candidate
                policy.observe(Observation(candidate: candidate, time: .milliseconds(max(time, 0.1))))
            }
        }
    }

    private func prediction(_ policy: inout AlertPolicy, _ candidate: Int) throws -> Prediction {
        let request = DecisionRequest(timeLeft: .seconds(1), candidates: CandidateSet([candidate]))
        let decided = policy.decide(request)
        return try #require(decided).prediction
    }

    @Test func `What a switch takes is learned, and charged to what did not run last`() throws {
        var generator = SeededGenerator(seed: 81)
        var policy = try AlertPolicy(
            .plain, candidates: CandidateProfile.sizes, idlePower: .zero, goal: .mostAccurate(1000))
        run(&policy, [0, 0, 1, 1, 2, 2], rounds: 60, cost: 5, noise: 0.01, using: &generator)
        let stay = try prediction(&policy, 2)
        #expect(abs(stay.time.milliseconds - 40) < 1.5)
        for (candidate, usual) in [(0, 10.0), (1, 20.0)] {
            let change = try prediction(&policy, candidate)
            #expect(abs(change.time.milliseconds - usual - 5) < 1.5)
            // Its energy is that of the longer time.
            #expect(abs(change.energy.value - 10e-3 * change.time.milliseconds) < 1e-6)
        }
        #expect(abs(policy.slowdown.mean - 1) < 0.05)
    }

    @Test func `Noise alone is charged next to nothing`() throws {
        var generator = SeededGenerator(seed: 82)
        for seed in 0..<20 {
            var policy = try AlertPolicy(
                candidates: CandidateProfile.sizes, idlePower: .zero, goal: .mostAccurate(1000))
            run(&policy, [0, 0, 1, 2, 2, 1], rounds: 50, cost: 0, noise: 0.08, using: &generator)
            let charged = try prediction(&policy, 0).time.milliseconds - 10 * policy.slowdown.mean
            #expect(charged < 1, "run \(seed)")
        }
    }

    @Test func `It keeps a candidate where a switch would miss the deadline`() throws {
        let candidates = [
            CandidateProfile("good", milliseconds: 10, watts: 10, accuracy: 0.80),
            CandidateProfile("better", milliseconds: 11, watts: 10, accuracy: 0.81),
        ]
        var generator = SeededGenerator(seed: 83)
        var policy = try AlertPolicy(candidates: candidates, idlePower: .zero, goal: .mostAccurate(15))
        run(&policy, [0, 0, 0, 1, 1, 1], rounds: 40, cost: 6, noise: 0.005, using: &generator)
        policy.observe(Observation(candidate: 0, time: .milliseconds(10)))
        policy.observe(Observation(candidate: 0, time: .milliseconds(10)))
        let request = DecisionRequest(timeLeft: .milliseconds(15))
        #expect(policy.decide(request)?.candidate == 0)
        for _ in 0..<2 { policy.observe(Observation(candidate: 1, time: .milliseconds(11))) }
        #expect(policy.decide(request)?.candidate == 1)
    }

    @Test func `Another task of the same session is no switch`() {
        let setting = Setting(threads: 2)
        let candidates = [
            Candidate(recognizer: "a", setting: setting, task: "partial"),
            Candidate(recognizer: "b", setting: setting, task: "partial"),
            Candidate(recognizer: "a", setting: setting, task: "final"),
            Candidate(recognizer: "a", setting: Setting(processor: "cuda", threads: 2), task: "final"),
        ].map { CandidateProfile(candidate: $0, time: .steady(10), power: Watts(5), accuracy: 0.8) }
        let places = SwitchCosts.places(of: candidates.map(\.candidate))
        #expect(places.map(\.session) == [0, 1, 0, 3])
        #expect(places.map(\.destination) == [0, 0, 0, 3])
        var costs = SwitchCosts(candidates, places: places)
        for _ in 0..<20 {
            for place in [places[0], places[2]] {
                #expect(costs.observe(place, time: 30, usual: 10, isCensored: false).seconds == 0)
            }
        }
        #expect(costs.cost(of: places[1]) == 0)
    }

    @Test func `One stall keeps nothing from being tried again`() {
        var estimate = SwitchEstimate()
        estimate.observe(60, usual: 0.01)
        #expect(estimate.value == 0)
        for _ in 0..<50 { estimate.observe(0.012, usual: 0.010) }
        estimate.observe(60, usual: 0.010)
        #expect(estimate.value < 0.01)
        for _ in 0..<50 { estimate.observe(0.012, usual: 0.010) }
        #expect(abs(estimate.value - 0.002) < 1e-3)
    }

    @Test func `Times that no clock can give do no harm`() {
        var estimate = SwitchEstimate()
        for time in [0, -1, .infinity, .nan, 1e300, 0.01, 0.01, 0.01] { estimate.observe(time, usual: 0.01) }
        #expect(estimate.value.isFinite)
        #expect(estimate.value >= 0)
    }

    @Test func `A switch and a slow machine are told apart`() throws {
        var generator = SeededGenerator(seed: 84)
        var policy = try AlertPolicy(candidates: CandidateProfile.sizes, idlePower: .zero, goal: .mostAccurate(1000))
        run(&policy, [0, 0, 1, 1, 2, 2], rounds: 40, cost: 4, noise: 0.01, using: &generator)
        // The machine is now half as fast, switches included.
        var last = 2
        for _ in 0..<60 {
            for candidate in [0, 0, 1, 1, 2, 2] {
                let time = CandidateProfile.sizes[candidate].time.median * 2 + (candidate == last ? 0 : 8)
                last = candidate
                policy.observe(Observation(candidate: candidate, time: .milliseconds(time)))
            }
        }
        #expect(abs(policy.slowdown.mean - 2) < 0.2)
        #expect(abs(try prediction(&policy, 1).time.milliseconds - 48) < 4)
    }

    @Test func `The paper's preset knows of no switches`() throws {
        var generator = SeededGenerator(seed: 85)
        var policy = try AlertPolicy.paper(
            candidates: CandidateProfile.sizes, idlePower: .zero, goal: .mostAccurate(1000))
        run(&policy, [0, 0, 1, 1], rounds: 40, cost: 5, noise: 0, using: &generator)
        let mean = policy.slowdown.mean
        #expect(abs(try prediction(&policy, 2).time.milliseconds - mean * 40 * 1.01) < 1e-3)
    }

    /// One recogniser, with the machine as it was found and with a power setting that takes 12 ms to follow.
    private static var powered: [CandidateProfile] {
        [nil, "cpu-50%"].map { power in
            CandidateProfile(
                candidate: Candidate(recognizer: "r", setting: Setting(threads: 2, power: power)),
                time: .steady(power == nil ? 20 : 30), power: Watts(power == nil ? 10 : 5), accuracy: 0.8,
                settleTime: power == nil ? .zero : .milliseconds(12))
        }
    }

    @Test func `A power setting costs what the machine was seen to take to follow it, there and back`() throws {
        var policy = try AlertPolicy(candidates: Self.powered, idlePower: .zero, goal: .mostAccurate(1000))
        #expect(abs(try prediction(&policy, 0).time.milliseconds - 20) < 1e-6)
        #expect(abs(try prediction(&policy, 1).time.milliseconds - 42) < 1e-6)
        policy.observe(Observation(candidate: 1, time: .milliseconds(30)))
        #expect(abs(try prediction(&policy, 0).time.milliseconds - 32) < 1e-6)
        #expect(abs(try prediction(&policy, 1).time.milliseconds - 30) < 1e-6)
    }

    @Test func `The first inference after a change of power tells what the change takes, and nothing else`() throws {
        var policy = try AlertPolicy(candidates: Self.powered, idlePower: .zero, goal: .mostAccurate(1000))
        for _ in 0..<50 {
            for (candidate, time) in [(0, 23), (0, 20), (1, 33), (1, 30)] {
                policy.observe(Observation(candidate: candidate, time: .milliseconds(time)))
            }
        }
        #expect(abs(policy.slowdown.mean - 1) < 0.01)
        #expect(abs(try prediction(&policy, 0).time.milliseconds - 23) < 0.5)
        #expect(abs(try prediction(&policy, 1).time.milliseconds - 30) < 0.5)
    }

    @Test func `Where power settings hold at once, alternating between them still tells how slow the machine is`()
        throws
    {
        let candidates = Self.powered.map { candidate in
            var candidate = candidate
            candidate.settleTime = .zero
            return candidate
        }
        var policy = try AlertPolicy(candidates: candidates, idlePower: .zero, goal: .mostAccurate(1000))
        for _ in 0..<50 {
            for (candidate, time) in [(0, 40), (1, 60)] {
                policy.observe(Observation(candidate: candidate, time: .milliseconds(time)))
            }
        }
        #expect(abs(policy.slowdown.mean - 2) < 0.05)
    }
}
