import Testing
import Units

@testable import Alert

@Suite struct AutoscaleTests {
    private let goal: Goal
    private let request = DecisionRequest(timeLeft: .milliseconds(100))

    init() throws { goal = try .leastEnergy(100, accuracy: 0.75) }

    private func policy(seed: UInt64 = 1) throws -> AutoscalePolicy {
        try AutoscalePolicy(candidates: CandidateProfile.sizes, idlePower: Watts(1), goal: goal, seed: seed)
    }

    @Test func `Rewards are AutoScale's: energy first, then time and accuracy`() throws {
        // The hungriest takes 10 W · 40 ms = 0.4 J.
        let least = AutoscaleReward(goal: goal, candidates: CandidateProfile.sizes)
        #expect(abs(least.reward(time: 0.02, isInTime: true, energy: 0.2, accuracy: 0.8) - (-50 + 2 + 8)) < 1e-9)
        #expect(abs(least.reward(time: 0.2, isInTime: false, energy: 0.2, accuracy: 0.8) - (-50 + 8)) < 1e-9)
        #expect(abs(least.reward(time: 0.01, isInTime: true, energy: 0.1, accuracy: 0.7) - (70 - 1000)) < 1e-9)
        let best = AutoscaleReward(goal: try .mostAccurate(100, energy: 0.3), candidates: CandidateProfile.sizes)
        #expect(best.reward(time: 0.02, isInTime: true, energy: 0.2, accuracy: 0.8) == 80)
        #expect(best.reward(time: 0.2, isInTime: false, energy: 0.2, accuracy: 0.8) == 0)
        #expect(best.reward(time: 0.02, isInTime: true, energy: 0.4, accuracy: 0.8) == -920)
    }

    @Test func `States are told apart at their limits`() {
        func index(_ slowdown: Double, _ change: Double = 0, _ share: Double = 1, _ size: Double = 1) -> Int {
            AutoscaleState(slowdown: slowdown, change: change, timeShare: share, size: size).index
        }
        #expect([1, 1.2, 2, 3].map { index($0) / 27 } == [0, 1, 2, 3])
        #expect([0, 0.1, 0.5].map { index(1, $0) / 9 } == [0, 1, 2])
        #expect([0.4, 0.7, 1].map { index(1, 0, $0) / 3 } == [0, 1, 2])
        #expect([1, 2, 4].map { index(1, 0, 0.4, $0) } == [0, 1, 2])
        #expect(index(9, 9, 9, 9) == AutoscaleState.count - 1)
    }

    @Test func `Values move as Q-learning by hand moves them`() throws {
        var policy = try policy(seed: 9)
        var values = (0..<AutoscaleState.count).map { state in (0..<3).map { policy.table.value(state, $0) } }
        var (slowdown, change) = (1.0, 0.0)
        var last: (state: Int, action: Int, reward: Double)?
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<2000 {
            let left = generator.uniform(30...100)
            let state = AutoscaleState(slowdown: slowdown, change: change, timeShare: left / 100, size: 1).index
            let decided = policy.decide(DecisionRequest(timeLeft: .milliseconds(left)))
            let action = try #require(decided).candidate
            if let (before, taken, reward) = last {
                let old = values[before][taken]
                values[before][taken] = old + 0.9 * (reward + 0.1 * (values[state].max() ?? 0) - old)
            }
            let profile = CandidateProfile.sizes[action]
            let factor = generator.uniform(0.8...2.8)
            let time = profile.time.median * factor
            policy.observe(Observation(candidate: action, time: .milliseconds(time), energy: Joules(time * 0.011)))
            let exact = Duration.milliseconds(time).seconds * 1e3
            let slack = exact <= Duration.milliseconds(left).seconds * 1e3 ? 0.1 * exact : 0
            let reward =
                profile.accuracy < 0.75
                ? profile.accuracy * 100 - 1000 : -time * 0.011 / 0.4 * 100 + slack + 0.1 * profile.accuracy * 100
            last = (state, action, reward)
            change = abs(exact / profile.time.median / slowdown - 1)
            slowdown = exact / profile.time.median
        }
        for state in values.indices {
            for action in 0..<3 { #expect(abs(policy.table.value(state, action) - values[state][action]) < 1e-6) }
        }
    }

    @Test func `It learns that a candidate costs more than profiled`() throws {
        var policy = try policy()
        // By the profile the medium one is cheapest of those accurate enough; in truth it draws ten times as much.
        #expect(policy.decide(request)?.rule == .learned)
        var chosen = [0, 0, 0]
        for round in 0..<300 {
            let decided = policy.decide(request)
            let candidate = try #require(decided).candidate
            if round >= 100 { chosen[candidate] += 1 }
            policy.observe(
                Observation(
                    candidate: candidate, time: .milliseconds(CandidateProfile.sizes[candidate].time.median),
                    energy: Joules([0.1, 2, 0.4][candidate])))
        }
        #expect(chosen == [0, 0, 200])
    }

    @Test func `The same seed tries the same`() throws {
        func choices(_ seed: UInt64) throws -> [Int] {
            var policy = try policy(seed: seed)
            return (0..<200).map { _ in
                let candidate = policy.decide(request)?.candidate ?? -1
                policy.observe(Observation(candidate: candidate, time: .milliseconds(12), energy: Joules(0.1)))
                return candidate
            }
        }
        #expect(try choices(3) == choices(3))
        #expect(try choices(3) != choices(4))
    }

    @Test func `A reward that is no number teaches nothing`() throws {
        var policy = try policy()
        let before = policy.table
        for _ in 0..<3 {
            let decided = policy.decide(request)
            let candidate = try #require(decided).candidate
            policy.observe(Observation(candidate: candidate, time: .milliseconds(12), energy: Joules(.nan)))
        }
        #expect(policy.table == before)
    }

    @Test func `Another goal has other rewards, so that it learns anew`() throws {
        var policy = try policy()
        policy.goal = try .mostAccurate(100)
        #expect(policy.decide(request)?.candidate == 2)
    }
}
