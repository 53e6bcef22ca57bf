import Alert
import Glibc
import Testing
import Units

/// Counts the objects a process makes, through the hook that the Swift runtime keeps for instruments: arrays, boxes,
/// closures and class instances all come from `swift_allocObject`.
///
/// The hook is the whole process's, so this is used in processes of their own.
private enum AllocationCounter {
    typealias Allocate = @convention(c) (UnsafeRawPointer?, Int, Int) -> UnsafeMutableRawPointer?

    // Changed by the one thread that counts, while no other runs Swift code.
    nonisolated(unsafe) static var original: Allocate?
    nonisolated(unsafe) static var objects = 0

    /// The number of objects `body` makes, or `nil` when this runtime has no such hook.
    static func count(_ body: () -> Void) -> Int? {
        let process = dlopen(nil, RTLD_NOW)
        let switchName = "_swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly"
        guard let hook = dlsym(process, "_swift_allocObject")?.assumingMemoryBound(to: Allocate.self),
            let enabled = dlsym(process, switchName)?.assumingMemoryBound(to: Bool.self)
        else { return nil }
        original = hook.pointee
        objects = 0
        hook.pointee = { metadata, size, alignment in
            AllocationCounter.objects += 1
            return AllocationCounter.original?(metadata, size, alignment)
        }
        enabled.pointee = true
        body()
        enabled.pointee = false
        let counted = objects
        if let original { hook.pointee = original }
        return counted
    }
}

@Suite struct AllocationTests {
    @Test func `Deciding and observing allocate nothing`() async {
        await #expect(processExitsWith: .success) {
            for name in Policies.names + Policies.ablations {
                var generator = SeededGenerator(seed: 51)
                let candidates = CandidateProfile.random(64, stages: true, using: &generator)
                let goal = try Goal.mostAccurate(60, energy: 0.5)
                var policy = try Policies.make(name, candidates: candidates, idlePower: Watts(3), goal: goal)
                let requests = (10..<70).map { index in
                    DecisionRequest(
                        timeLeft: .milliseconds(index), period: .milliseconds(60),
                        candidates: index % 2 == 0 ? nil : CandidateSet((0..<64).filter { $0 % index != 1 }),
                        neighbours: index % 3 == 0
                            ? nil
                            : Neighbours(
                                delayed: CandidateSet(0..<32), delay: .milliseconds(5), crowding: CandidateSet(8..<64),
                                room: .milliseconds(index / 2)),
                        energyPrice: index % 5 == 0 ? 0 : 0.1)
                }
                let few = CandidateSet(1..<9)
                var decisions = 0
                let objects = AllocationCounter.count {
                    for round in 0..<2_000 {
                        guard let decision = policy.decide(requests[round % requests.count]) else { continue }
                        decisions += 1
                        policy.observe(
                            Observation(
                                candidate: decision.candidate, time: decision.prediction.time,
                                isCensored: round % 7 == 0,
                                confidence: 0.9, energy: Joules(0.2), idlePower: Watts(3)))
                        if policy.timeNeeded(confidence: 0.9, among: few) < .zero { decisions = 0 }
                    }
                }
                #expect(decisions == 2_000)
                #expect(objects == 0, "\(name)")
            }
        }
    }

    @Test func `Giving out cores and pricing energy allocate nothing`() async {
        await #expect(processExitsWith: .success) {
            var ledger = CoreLedger(cores: 2, streams: 3)
            var budget = PowerBudget(Watts(5))
            let demands: ContiguousArray = [
                (demand: Demand(cores: 1), candidates: CandidateSet(0..<32)),
                (demand: Demand(cores: 2), candidates: CandidateSet(32..<64)),
            ]
            var seen = 0
            let objects = AllocationCounter.count {
                for round in 0..<10_000 {
                    let (stream, now) = (round % 3, Duration.milliseconds(round))
                    ledger.expect((Demand(cores: 1), now + .milliseconds(5)), of: stream)
                    if ledger.isRunning(stream) { _ = ledger.giveBack(stream, at: now) }
                    seen += ledger.neighbours(of: stream, asking: demands, at: now).crowding.count
                    _ = ledger.ask(
                        stream, for: Demand(cores: 1 + round % 2), deadline: now, expected: .milliseconds(1), at: now)
                    ledger.insist(stream, at: now)
                    budget.note(Joules(1), over: .milliseconds(10))
                    if budget.price > 0 { seen += 1 }
                }
            }
            #expect(seen > 0)
            #expect(objects == 0)
        }
    }

    @Test func `The counter sees an allocation`() async {
        await #expect(processExitsWith: .success) {
            let objects = AllocationCounter.count { _ = [Int](repeating: 1, count: Int(getpid())).count }
            #expect(objects == 1)
        }
    }
}
