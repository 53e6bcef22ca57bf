import Testing
import Units

@testable import Alert

/// ALERT's choice by brute force: every candidate estimated with the C library's erfc, the whole list sorted by the
/// order of priorities.
private struct BruteForce {
    var slowdown: SlowdownEstimate
    var idlePower: Double
    var powerRatio: Double
    /// What ran last, and the milliseconds that anything else takes more.
    var last: Int?
    var switchCost: Double

    struct Outcome {
        var candidate: Int
        var rule: Decision.Rule
    }

    func choose(_ candidates: [CandidateProfile], _ goal: Goal, _ request: DecisionRequest) -> Outcome {
        let left = (request.timeLeft - request.overhead).milliseconds
        let ranked = candidates.enumerated().map {
            index, candidate -> (key: [Double], index: Int, rule: Decision.Rule) in
            let change = index == last ? 0 : switchCost
            let time = slowdown.mean * candidate.time.median + change
            let z = (max(left - change, 0) / candidate.time.median - slowdown.mean) / slowdown.standardDeviation
            let probability = exactNormal(z)
            let accuracy = probability * candidate.accuracy + (1 - probability) * goal.missAccuracy
            let wait = max(request.period.milliseconds - time, 0)
            let energy = (powerRatio * candidate.power.value * time + idlePower * wait) / 1000
            let isWithin =
                switch goal.objective {
                case .minimizeError(let limit): energy <= limit?.value ?? .infinity
                case .minimizeEnergy(let wanted): accuracy >= wanted
                }
            if isWithin, (2 * goal.confidence - 1..<goal.confidence).contains(probability) {
                return ([1.5, probability, -energy, -time], index, .confidenceRelaxed)
            }
            guard probability >= goal.confidence else {
                return ([0, probability, -time, -energy], index, .deadlineUnlikely)
            }
            switch goal.objective {
            case .minimizeError(let limit):
                return energy <= limit?.value ?? .infinity
                    ? ([2, accuracy, -energy, -time], index, .goalMet)
                    : ([1, accuracy, -energy, -time], index, .energyRelaxed)
            case .minimizeEnergy(let wanted):
                return accuracy >= wanted
                    ? ([2, -energy, -energy, -time], index, .goalMet)
                    : ([1, accuracy, -energy, -time], index, .accuracyRelaxed)
            }
        }
        let best = ranked.max { $0.key.lexicographicallyPrecedes($1.key) }
        return Outcome(candidate: best?.index ?? -1, rule: best?.rule ?? .fixed)
    }
}

@Suite struct AlertPolicyTests {
    @Test(arguments: [true, false])
    func `Over random tables it chooses what brute force chooses`(_ minimizesError: Bool) throws {
        var generator = SeededGenerator(seed: minimizesError ? 41 : 42)
        var rules: [Decision.Rule: Int] = [:]
        for _ in 0..<1500 {
            let candidates = CandidateProfile.random(1 + Int(generator.share() * 40), using: &generator)
            let goal = try Goal(
                deadline: .milliseconds(100),
                objective: minimizesError
                    ? .minimizeError(energy: generator.share() < 0.2 ? nil : Joules(generator.uniform(0.02...1)))
                    : .minimizeEnergy(accuracy: generator.uniform(0.4...1)),
                confidence: generator.uniform(0.5...0.99), missAccuracy: generator.uniform(0...0.1))
            var policy = try AlertPolicy(
                .with([.tolerance], "alert-tolerance"), candidates: candidates, idlePower: Watts(3), goal: goal)
            // The filters for power, once more: φ relates to the candidates' mean power.
            let meanPower = candidates.map(\.power.value).reduce(0, +) / Double(candidates.count)
            var (phi, pi, m) = (3 / meanPower, 1.0, 0.01)
            var (last, switches) = (Int?.none, SwitchEstimate())
            for _ in 0..<Int(generator.share() * 30) {
                let candidate = Int(generator.share() * Double(candidates.count))
                let time = Duration.milliseconds(candidates[candidate].time.median * generator.uniform(0.9...1.8))
                let energy = candidates[candidate].power * time
                if let other = last, other != candidate {
                    let usual = policy.slowdown.mean * candidates[candidate].time.median * 1e-3
                    switches.observe(time.seconds, usual: usual)
                }
                last = candidate
                let (idle, ratio) = (generator.uniform(2...5), generator.uniform(0.6...1.2))
                policy.observe(
                    Observation(
                        candidate: candidate, time: time, energy: Joules(energy.value * ratio), idlePower: Watts(idle)))
                let w = (m + 0.0001) / (m + 0.0001 + 0.001)
                m = (1 - w) * (m + 0.0001)
                phi += w * (idle / meanPower - phi)
                pi += w * (ratio - pi)
            }
            let request = DecisionRequest(
                timeLeft: .milliseconds(generator.uniform(5...150)), overhead: .milliseconds(generator.uniform(0...3)),
                period: .milliseconds(generator.uniform(0...100)))
            guard let decision = policy.decide(request) else { continue }
            let expected = BruteForce(
                slowdown: policy.slowdown, idlePower: phi * meanPower, powerRatio: pi, last: last,
                switchCost: switches.value * 1e3
            ).choose(candidates, goal, request)
            #expect(decision.candidate == expected.candidate)
            #expect(decision.rule == expected.rule)
            rules[decision.rule, default: 0] += 1
        }
        // Random goals must have reached every rule, or the comparison proves little.
        #expect(rules[.goalMet, default: 0] > 100)
        #expect(rules[minimizesError ? .energyRelaxed : .accuracyRelaxed, default: 0] > 100)
        #expect(rules[.confidenceRelaxed, default: 0] > 1)
        #expect(rules[.deadlineUnlikely, default: 0] > 30)
    }

    @Test func `A little less certainty goes before a bound that would be broken`() throws {
        let goal = try Goal.leastEnergy(100, accuracy: CandidateProfile.sizes[2].accuracy - 0.01)
        var policy = try AlertPolicy(candidates: CandidateProfile.sizes, idlePower: Watts(3), goal: goal)
        var plain = try AlertPolicy(.plain, candidates: CandidateProfile.sizes, idlePower: Watts(3), goal: goal)
        // The largest takes 40 ms, and one time in thirteen half as long again.
        for round in 0..<390 {
            let time = Duration.milliseconds(round % 13 == 0 ? 60.0 : 40.0)
            policy.observe(Observation(candidate: 2, time: time))
            plain.observe(Observation(candidate: 2, time: time))
        }
        let request = DecisionRequest(timeLeft: .milliseconds(50))
        let decided = policy.decide(request)
        let decision = try #require(decided)
        #expect(decision.candidate == 2 && decision.rule == .confidenceRelaxed)
        #expect((0.9..<0.95).contains(decision.prediction.probability))
        let other = plain.decide(request)?.candidate
        #expect(other != 2)
    }

    @Test func `With less time it chooses smaller recognizers, with more larger ones`() throws {
        var policy = try AlertPolicy(candidates: CandidateProfile.sizes, idlePower: Watts(3), goal: .mostAccurate(60))
        policy.settle()
        let choices = [12, 22, 44, 500].map { policy.decide(DecisionRequest(timeLeft: .milliseconds($0)))?.candidate }
        #expect(choices == [0, 1, 2, 2])
    }

    @Test func `When the machine slows down it moves to a smaller recognizer, and back`() throws {
        var policy = try AlertPolicy(candidates: CandidateProfile.sizes, idlePower: Watts(3), goal: .mostAccurate(50))
        let request = DecisionRequest(timeLeft: .milliseconds(50))
        policy.settle()
        #expect(policy.decide(request)?.candidate == 2)
        for _ in 0..<5 { policy.observe(Observation(candidate: 2, time: .milliseconds(80))) }
        #expect(policy.decide(request)?.candidate == 1)
        for _ in 0..<150 { policy.observe(Observation(candidate: 1, time: .milliseconds(20))) }
        #expect(policy.decide(request)?.candidate == 2)
    }

    @Test func `Overhead comes off the time left`() throws {
        var policy = try AlertPolicy(candidates: CandidateProfile.sizes, idlePower: Watts(3), goal: .mostAccurate(44))
        policy.settle()
        let request = DecisionRequest(timeLeft: .milliseconds(44), overhead: .milliseconds(10))
        #expect(policy.decide(request)?.candidate == 1)
    }

    @Test func `The energy bound gives way before accuracy`() throws {
        let goal = try Goal.mostAccurate(100, energy: 0.001)
        var policy = try AlertPolicy(candidates: CandidateProfile.sizes, idlePower: .zero, goal: goal)
        policy.settle()
        let decided = policy.decide(DecisionRequest(timeLeft: .milliseconds(100)))
        let decision = try #require(decided)
        #expect(decision.rule == .energyRelaxed)
        #expect(decision.candidate == 2)
    }

    @Test func `The accuracy bound gives way before the deadline`() throws {
        let goal = try Goal.leastEnergy(25, accuracy: 0.89)
        var policy = try AlertPolicy(candidates: CandidateProfile.sizes, idlePower: .zero, goal: goal)
        policy.settle()
        let decided = policy.decide(DecisionRequest(timeLeft: .milliseconds(25)))
        let decision = try #require(decided)
        #expect(decision.rule == .accuracyRelaxed)
        #expect(decision.candidate == 1)
    }

    @Test func `When no candidate is likely in time it takes the likeliest`() throws {
        let goal = try Goal.leastEnergy(10, accuracy: 0.89)
        var policy = try AlertPolicy(candidates: CandidateProfile.sizes, idlePower: .zero, goal: goal)
        policy.settle()
        let decided = policy.decide(DecisionRequest(timeLeft: .milliseconds(9.8)))
        let decision = try #require(decided)
        #expect(decision.rule == .deadlineUnlikely)
        #expect(decision.candidate == 0)
    }

    @Test func `Of equal candidates the one that spends less is taken, then the faster`() throws {
        let candidates = [
            CandidateProfile("hungry", milliseconds: 10, watts: 20, accuracy: 0.8),
            CandidateProfile("slow", milliseconds: 20, watts: 5, accuracy: 0.8),
            CandidateProfile("quick", milliseconds: 10, watts: 10, accuracy: 0.8),
        ]
        var policy = try AlertPolicy(candidates: candidates, idlePower: .zero, goal: .mostAccurate(1000))
        policy.settle()
        #expect(policy.decide(DecisionRequest(timeLeft: .seconds(1)))?.candidate == 2)
    }

    @Test func `Waiting for the next sample costs idle energy`() throws {
        let candidates = [CandidateProfile("one", milliseconds: 10, watts: 10, accuracy: 0.8)]
        var policy = try AlertPolicy(candidates: candidates, idlePower: Watts(2), goal: .mostAccurate(100))
        policy.settle()
        let request = DecisionRequest(timeLeft: .milliseconds(100), period: .milliseconds(110))
        let decided = policy.decide(request)
        let energy = try #require(decided).prediction.energy.value
        #expect(abs(energy - (10 * 0.010 + 2 * 0.100)) < 1e-3)
    }

    @Test func `A new goal is heeded with what was learned`() throws {
        var policy = try AlertPolicy(candidates: CandidateProfile.sizes, idlePower: Watts(3), goal: .mostAccurate(100))
        policy.settle()
        let slowdown = policy.slowdown
        policy.goal = try .leastEnergy(100, accuracy: 0.6)
        #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(100)))?.candidate == 0)
        #expect(policy.slowdown == slowdown)
    }

    @Test func `The paper's preset weighs lateness in expected accuracy alone`() throws {
        let goal = try Goal.mostAccurate(44)
        let request = DecisionRequest(timeLeft: .milliseconds(44))
        var paper = try AlertPolicy.paper(candidates: CandidateProfile.sizes, idlePower: Watts(3), goal: goal)
        paper.settle()
        let decided = paper.decide(request)
        let decision = try #require(decided)
        // σ never falls below 0.31, so it shuns the large one that in truth always fits.
        #expect(decision.candidate == 1)
        #expect(decision.prediction.probability > 0.99)
        var standard = try AlertPolicy(candidates: CandidateProfile.sizes, idlePower: Watts(3), goal: goal)
        standard.settle()
        #expect(standard.decide(request)?.candidate == 2)
    }
}
