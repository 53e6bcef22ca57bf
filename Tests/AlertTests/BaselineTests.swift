import Alert
import Testing
import Units

extension CandidateProfile {
    /// Recognisers with and without stages, each under three power settings.
    static let settings: [CandidateProfile] = {
        let recognizers = sizes + [.cascade]
        return [(nil, 1.0, 1.0), ("low", 0.5, 1.6), ("lowest", 0.3, 2.5)].flatMap { power, draw, stretch in
            recognizers.map { profile in
                func slower(_ time: TimeStatistics) -> TimeStatistics { .steady(time.median * stretch) }
                var copy = profile
                copy.candidate.setting.power = power
                copy.time = slower(profile.time)
                copy.stages = profile.stages.map { StageProfile(time: slower($0.time), accuracy: $0.accuracy) }
                copy.power = Watts(profile.power.value * draw)
                return copy
            }
        }
    }()
}

@Suite struct BaselineTests {
    /// The candidates that a policy chooses over many goals and samples, on a machine that slows down and recovers.
    private func choices(_ name: String) throws -> Set<Int> {
        var generator = SeededGenerator(seed: 31)
        var chosen = Set<Int>()
        for energy in [false, true] {
            var policy = try Policies.make(
                name, candidates: CandidateProfile.settings, idlePower: Watts(1), goal: .mostAccurate(100))
            for round in 0..<600 {
                if round % 20 == 0 {
                    let deadline = Int(generator.uniform(20...150))
                    policy.goal =
                        try energy
                        ? .leastEnergy(deadline, accuracy: generator.uniform(0.6...0.9))
                        : .mostAccurate(deadline, energy: generator.uniform(0.05...0.6))
                }
                guard let decision = policy.decide(DecisionRequest(timeLeft: policy.goal.deadline)) else { continue }
                chosen.insert(decision.candidate)
                let slowdown = round % 200 < 100 ? 1.0 : 1.7
                policy.observe(
                    Observation(
                        candidate: decision.candidate,
                        time: .milliseconds(policy.candidates[decision.candidate].time.median * slowdown)))
            }
        }
        return chosen
    }

    private let candidates = CandidateProfile.settings.map(\.candidate)

    @Test func `alert-anytime keeps to recognisers with stages, alert-traditional to those without`() throws {
        let anytime = try choices("alert-anytime")
        #expect(anytime.allSatisfy { CandidateProfile.settings[$0].isAnytime } && anytime.count > 1)
        let traditional = try choices("alert-traditional")
        #expect(traditional.allSatisfy { !CandidateProfile.settings[$0].isAnytime } && traditional.count > 3)
    }

    @Test(arguments: ["alert-anytime", "alert-traditional"])
    func `Where there is none of its kind it chooses among all`(_ name: String) throws {
        let others = CandidateProfile.settings.filter { $0.isAnytime == (name == "alert-traditional") }
        var policy = try Policies.make(name, candidates: others, idlePower: Watts(1), goal: .mostAccurate(100))
        #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(100))) != nil)
    }

    @Test func `Where every setting is one of power the default one is what holds back least`() throws {
        let candidates = CandidateProfile.settings.reversed().map { profile in
            var copy = profile
            copy.candidate.setting.power = profile.candidate.setting.power ?? "high"
            return copy
        }
        var policy = try Policies.make(
            "app-only", candidates: candidates, idlePower: Watts(1), goal: .mostAccurate(100))
        let decided = policy.decide(DecisionRequest(timeLeft: .milliseconds(100)))
        #expect(candidates[try #require(decided).candidate].candidate.setting.power == "high")
    }

    @Test func `app-only never touches the setting`() throws {
        let chosen = try choices("app-only")
        #expect(chosen.allSatisfy { candidates[$0].setting.power == nil } && chosen.count > 2)
    }

    @Test func `sys-only never changes the recogniser`() throws {
        let chosen = try choices("sys-only")
        #expect(chosen.allSatisfy { candidates[$0].recognizer == "small" } && chosen.count > 1)
    }

    @Test func `no-coordination joins the choices of both`() throws {
        let goal = try Goal.leastEnergy(120, accuracy: 0.85)
        let request = DecisionRequest(timeLeft: .milliseconds(120))
        func settled(_ name: String) throws -> Candidate? {
            var policy = try Policies.make(
                name, candidates: CandidateProfile.settings, idlePower: .zero, goal: goal)
            for _ in 0..<50 { policy.observe(Observation(candidate: 0, time: .milliseconds(10))) }
            return policy.decide(request).map { candidates[$0.candidate] }
        }
        let (app, sys, both) = (try settled("app-only"), try settled("sys-only"), try settled("no-coordination"))
        #expect(both?.recognizer == app?.recognizer)
        #expect(both?.setting == sys?.setting)
        #expect(both?.setting != app?.setting && both?.recognizer != sys?.recognizer)
    }

    @Test func `no-coordination takes the setting's doing for the machine's`() throws {
        var policy = try Policies.make(
            "no-coordination", candidates: CandidateProfile.settings, idlePower: .zero, goal: .mostAccurate(100))
        // The lowest setting takes 2.5 times as long, as profiled.
        for _ in 0..<100 { policy.observe(Observation(candidate: 8, time: .milliseconds(25))) }
        #expect(abs(policy.slowdown.mean - 2.5) < 0.05)
    }

    @Test func `alert-mean takes what is expected in time for certain`() throws {
        var policy = try Policies.make(
            "alert-mean", candidates: CandidateProfile.sizes, idlePower: .zero, goal: .mostAccurate(100))
        var generator = SeededGenerator(seed: 33)
        for _ in 0..<300 {
            policy.observe(Observation(candidate: 0, time: .milliseconds(10 * generator.uniform(0.7...1.3))))
        }
        let decided = policy.decide(DecisionRequest(timeLeft: .milliseconds(45)))
        #expect(decided?.candidate == 2)
        #expect(decided?.prediction.probability == 1)
    }
}
