import Alert
import Testing
import Units

@Suite struct StarvationTests {
    @Test(arguments: Policies.names)
    func `A sample nothing could have met is expired`(_ name: String) throws {
        var policy = try Policies.make(
            name, candidates: CandidateProfile.sizes + [.cascade], idlePower: Watts(3), goal: .mostAccurate(40))
        #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(9.6))) == nil)
        #expect(policy.decide(DecisionRequest(timeLeft: .zero)) == nil)
        #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(-5))) == nil)
        #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(9.8))) != nil)
    }

    @Test(arguments: Policies.names)
    func `No slow-down, however large, expires samples`(_ name: String) throws {
        var policy = try Policies.make(
            name, candidates: CandidateProfile.sizes + [.cascade], idlePower: Watts(3), goal: .mostAccurate(40))
        for _ in 0..<100 {
            policy.observe(Observation(candidate: 2, time: .seconds(4)))
            #expect(policy.decide(DecisionRequest(timeLeft: .milliseconds(40))) != nil)
        }
    }

    @Test(arguments: Policies.names)
    func `No overhead, however large, expires samples`(_ name: String) throws {
        var policy = try Policies.make(
            name, candidates: CandidateProfile.sizes + [.cascade], idlePower: Watts(3), goal: .mostAccurate(40))
        let request = DecisionRequest(timeLeft: .milliseconds(40), overhead: .seconds(10))
        #expect(policy.decide(request) != nil)
    }

    @Test func `After the machine has recovered the large recognizer is chosen again`() throws {
        var policy = try AlertPolicy(candidates: CandidateProfile.sizes, idlePower: Watts(3), goal: .mostAccurate(50))
        let request = DecisionRequest(timeLeft: .milliseconds(50))
        policy.settle()
        for _ in 0..<100 { policy.observe(Observation(candidate: 0, time: .milliseconds(500))) }
        #expect(policy.decide(request)?.rule == .deadlineUnlikely)
        var inferences = 0
        while let decision = policy.decide(request), decision.candidate != 2, inferences < 1000 {
            let time = CandidateProfile.sizes[decision.candidate].time.median
            policy.observe(Observation(candidate: decision.candidate, time: .milliseconds(time)))
            inferences += 1
        }
        #expect(inferences < 200)
    }

    @Test func `A machine faster than its profile is given samples the profile would refuse`() throws {
        var policy = try AlertPolicy(candidates: CandidateProfile.sizes, idlePower: Watts(3), goal: .mostAccurate(9))
        let request = DecisionRequest(timeLeft: .milliseconds(7))
        #expect(policy.decide(request) == nil)
        for _ in 0..<20 { policy.observe(Observation(candidate: 0, time: .milliseconds(5))) }
        #expect(policy.decide(request)?.candidate == 0)
    }
}
