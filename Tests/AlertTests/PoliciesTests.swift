import Alert
import Testing
import Units

@Suite struct PoliciesTests {
    private func make(_ name: String, candidates: [CandidateProfile] = CandidateProfile.sizes) throws -> any Policy {
        try Policies.make(name, candidates: candidates, idlePower: Watts(3), goal: .mostAccurate(100))
    }

    @Test(arguments: Policies.names + Policies.ablations)
    func `Every name makes the policy of that name`(_ name: String) throws {
        #expect(try make(name, candidates: CandidateProfile.sizes + [.cascade]).name == name)
    }

    @Test func `The default comes first`() {
        #expect(Policies.names.first == "alert")
    }

    @Test func `Policies that keep a recogniser or a setting need the dominated, and these alone`() {
        let names = Policies.names.filter { Policies.needsDominated($0) }
        #expect(names == ["app-only", "sys-only", "no-coordination"])
    }

    @Test func `Without staged recognisers alert-anytime says what it is instead`() {
        let caveat = Policies.caveat("alert-anytime", candidates: CandidateProfile.sizes)
        #expect(caveat == "alert-anytime: no recogniser here answers in stages, so it chooses among all, as alert does")
        #expect(Policies.caveat("alert-anytime", candidates: [.cascade]) == nil)
        #expect(Policies.caveat("alert", candidates: CandidateProfile.sizes) == nil)
    }

    @Test func `An unknown name is answered with the names`() {
        let error = #expect(throws: AlertError.self) { try make("most-acurate") }
        #expect(error?.code == .unknownPolicy)
        let names = Policies.names.joined(separator: ", ")
        #expect(error?.message == "there is no policy \"most-acurate\"; there are \(names)")
    }

    @Test(arguments: ["fastest", "most-accurate"])
    func `A static policy never moves`(_ name: String) throws {
        var policy = try make(name)
        let wanted = name == "fastest" ? 0 : 2
        for milliseconds in [10, 20, 50, 1000] {
            let decided = policy.decide(DecisionRequest(timeLeft: .milliseconds(milliseconds)))
            let decision = try #require(decided)
            #expect(decision.candidate == wanted)
            #expect(decision.rule == .fixed)
            policy.observe(Observation(candidate: wanted, time: .milliseconds(milliseconds)))
        }
    }

    @Test func `No candidates are refused`() {
        let error = #expect(throws: AlertError.self) { try make("alert", candidates: []) }
        #expect(error?.code == .invalidProfile)
    }

    @Test(arguments: [0, -1, Double.nan])
    func `A profiled time that cannot be is refused, with its place`(_ milliseconds: Double) {
        let broken = CandidateProfile("broken", milliseconds: milliseconds, watts: 1, accuracy: 0.5)
        let error = #expect(throws: AlertError.self) { try make("alert", candidates: [broken]) }
        #expect(error?.message.hasPrefix("profile of broken@cpu-2t: median_ms is") == true)
    }

    @Test func `A power or an accuracy that cannot be is refused`() {
        let negative = CandidateProfile("broken", milliseconds: 1, watts: -1, accuracy: 0.5)
        let beyond = CandidateProfile("broken", milliseconds: 1, watts: 1, accuracy: 50)
        #expect(throws: AlertError.self) { try make("fastest", candidates: [negative]) }
        #expect(throws: AlertError.self) { try make("fastest", candidates: [beyond]) }
    }

    @Test func `A candidate without a known power can still be chosen`() throws {
        let unmetered = CandidateProfile("unmetered", milliseconds: 10, watts: 0, accuracy: 0.5)
        var policy = try Policies.make("alert", candidates: [unmetered], idlePower: .zero, goal: .mostAccurate(100))
        policy.observe(
            Observation(candidate: 0, time: .milliseconds(10), energy: .zero, idlePower: Watts(1)))
        let decided = policy.decide(DecisionRequest(timeLeft: .milliseconds(100), period: .seconds(1)))
        let decision = try #require(decided)
        #expect(decision.prediction.energy == .zero)
    }
}
