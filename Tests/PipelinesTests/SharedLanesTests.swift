import Alert
import Dispatch
import Machine
import Media
import Synchronization
import Testing
import Units

@testable import Pipelines

/// Two lanes on a simulated machine with two cores, with recognisers that take the time that a test says.
@Suite(.timeLimit(.minutes(1)))
struct SharedLanesTests {
    /// Every candidate is there, and answers.
    private final class Stage: RecognitionStage {
        let interval: Duration
        let hasUniformSamples = true
        let ready: CandidateSet
        let losses: String? = nil
        let processorOrder: [String] = []

        init(interval: Duration, candidates: Int) {
            (self.interval, ready) = (interval, CandidateSet(0..<candidates))
        }

        static func result(of sample: Sample<Int>, outcome: Outcome, reason: String) -> SampleResult {
            SampleResult(.frames, sample, outcome: outcome, reason: reason)
        }
        func lose(_: Int, because _: String) -> Bool { false }
        func note(slowdown _: Double) {}
        func plan(_: Sample<Int>, at _: MonotonicTime) -> SamplePlan { .choose(.init()) }
        func load(_: Sample<Int>, for _: Int) throws {}
        func infer(with _: Int, within _: StageLimit?) throws -> Inference { Inference(time: .zero) }
        func answer(
            of _: Int, after _: Inference, predicted _: Duration, into _: inout SampleResult
        ) {}
        func giveUp(_: Sample<Int>, into _: inout SampleResult) {}
        func wasEmitted(_: SampleResult, latency _: Duration?) {}
    }

    private final class Results: ResultSink {
        let all = Mutex<[SampleResult]>([])
        func receive(_ result: SampleResult) { all.withLock { $0.append(result) } }
        func finish() {}
    }

    /// A stream: how often a sample comes, when it is due, and what each candidate takes.
    private struct Plan {
        var interval: Int
        var deadline: Int
        var samples: Int
        /// When the first one comes.
        var start = 7
        var candidates: [CandidateProfile]
    }

    private static func candidate(_ threads: Int, milliseconds: Int, accuracy: Double = 0.9) -> CandidateProfile {
        CandidateProfile(
            candidate: Candidate(recognizer: "r\(milliseconds)", setting: Setting(threads: threads)),
            time: TimeStatistics(samples: [.milliseconds(milliseconds)]), power: Watts(10), accuracy: accuracy)
    }

    /// Runs the streams at once; returns each one's results and the energy.
    private func run(
        _ plans: [Plan], isShared: Bool, budget: Watts? = nil
    ) throws -> (results: [[SampleResult]], power: Watts) {
        let simulation = Simulation(seed: 1, idlePower: Watts(5), cores: 2)
        let clock = simulation.clock
        let shared = isShared ? SharedCores(cores: 2, streams: plans.count, clock: clock) : nil
        let account = budget.map { SharedBudget($0, meter: simulation.machine, clock: clock) }
        let activity = LaneActivity()
        let group = DispatchGroup()
        clock.enter()
        let sinks = try plans.enumerated().map { index, plan in
            let goal = try Goal(deadline: .milliseconds(plan.deadline), objective: .minimizeError(energy: nil))
            var policy = try AlertPolicy(candidates: plan.candidates, idlePower: Watts(5), goal: goal)
            for _ in 0..<50 {
                for (index, candidate) in plan.candidates.enumerated() {
                    policy.observe(Observation(candidate: index, time: candidate.time(share: 0.5)))
                }
            }
            let gate = SampleGate<Int>(capacity: 4, overflow: .supersede, clock: clock) {
                Stage.result(of: $0, outcome: .superseded, reason: "")
            }
            let sink = Results()
            let lane = StreamLane(
                stage: Stage(interval: .milliseconds(plan.interval), candidates: plan.candidates.count), gate: gate,
                policy: policy, isPaced: true, idlePower: Watts(5), meter: simulation.machine, activity: activity,
                clock: clock, share: shared.map { LaneShare($0, stream: index, candidates: plan.candidates) },
                budget: account, simulation: index == 0 ? simulation.frames : simulation.speech,
                sinks: SinkGroup([sink]))
            gate.feed(threadName: "test") {
                for sequence in 0..<plan.samples {
                    let due = MonotonicTime(nanoseconds: 0) + .milliseconds(plan.start + sequence * plan.interval)
                    clock.sleep(until: due)
                    _ = gate.push(
                        Sample(
                            sequence: sequence, captured: due, timeQuality: .scheduled,
                            deadline: due + .milliseconds(plan.deadline), payload: sequence))
                }
            }
            group.enter()
            nonisolated(unsafe) let worker = lane  // Touched by its own thread alone.
            clock.startThread(named: "lane", stackSize: 8 << 20) {
                #expect(worker.run() == nil)
                group.leave()
            }
            return sink
        }
        clock.leave()
        group.wait()
        let seconds = clock.now() - MonotonicTime(nanoseconds: 0)
        return (sinks.map { $0.all.withLock(\.self) }, simulation.machine.read() / seconds)
    }

    private static let frames = Plan(
        interval: 33, deadline: 11, samples: 150,
        candidates: [candidate(1, milliseconds: 10), candidate(2, milliseconds: 6)])
    private static let speech = Plan(
        interval: 500, deadline: 400, samples: 10, start: 20,
        candidates: [candidate(1, milliseconds: 150), candidate(2, milliseconds: 100)])

    private func met(_ results: [SampleResult]) -> Int { results.filter { $0.outcome == .met }.count }

    @Test func `Who chooses with the other in view is in time where who chooses alone is not`() throws {
        let alone = try run([Self.frames, Self.speech], isShared: false).results
        let joint = try run([Self.frames, Self.speech], isShared: true).results
        #expect(met(alone[0]) < 140)
        #expect(met(joint[0]) == 150 && met(joint[1]) == 10)
        // Speech leaves a core to the frames, which take no more than that beside it.
        #expect(joint[1].allSatisfy { $0.candidate == "r150@cpu-1t" })
        #expect(Set(joint[0].compactMap(\.candidate)) == ["r10@cpu-1t", "r6@cpu-2t"])
        #expect(joint[0].allSatisfy { !$0.isBeside })
        // One stream's work is not taken for a slow machine by the other.
        #expect(joint.joined().allSatisfy { abs(($0.slowdown ?? 1) - 1) < 0.02 })
        #expect(try run([Self.frames, Self.speech], isShared: true).results == joint)
    }

    @Test func `Who has the time waits, is decided anew then, and the wait is no inference`() throws {
        var frames = Self.frames
        (frames.deadline, frames.candidates) = (60, [Self.candidate(2, milliseconds: 6)])
        var speech = Self.speech
        speech.candidates = [Self.candidate(2, milliseconds: 40)]
        let results = try run([frames, speech], isShared: true).results
        #expect(met(results[0]) == 150 && met(results[1]) == 10)
        let waited = results[0].filter { $0.waitedMilliseconds != nil }
        #expect(!waited.isEmpty)
        #expect(waited.allSatisfy { $0.reason.contains("waited") && $0.inferenceMilliseconds == 6 })
        #expect(waited.allSatisfy { ($0.waitedMilliseconds ?? 0) <= 40 })
        #expect(results.joined().allSatisfy { !$0.isBeside && abs(($0.slowdown ?? 1) - 1) < 0.02 })
    }

    @Test func `Who cannot wait begins beside the other, and learns nothing false of the machine`() throws {
        var frames = Self.frames
        (frames.deadline, frames.candidates) = (20, [Self.candidate(2, milliseconds: 6)])
        var speech = Self.speech
        speech.candidates = [Self.candidate(2, milliseconds: 100)]
        let results = try run([frames, speech], isShared: true).results
        #expect(met(results[0]) == 150 && met(results[1]) == 10)
        let beside = results[0].filter(\.isBeside)
        #expect(beside.count >= 10)
        #expect(beside.allSatisfy { $0.reason.contains("beside") })
        #expect(beside.contains { ($0.inferenceMilliseconds ?? 0) > 10 })
        #expect(results.joined().allSatisfy { abs(($0.slowdown ?? 1) - 1) < 0.02 })
    }

    @Test func `Streams keep to one budget of power, and say where it ruled`() throws {
        var frames = Self.frames
        frames.deadline = 30
        frames.samples = 900
        frames.candidates = [
            Self.candidate(1, milliseconds: 5, accuracy: 0.8), Self.candidate(1, milliseconds: 20, accuracy: 0.9),
        ]
        var speech = Self.speech
        speech.samples = 60
        speech.candidates = [
            Self.candidate(1, milliseconds: 50, accuracy: 0.8), Self.candidate(1, milliseconds: 250, accuracy: 0.9),
        ]
        let free = try run([frames, speech], isShared: true)
        // 5 W, 20 of 33 ms and 250 of 500 ms at 5 W more each.
        #expect(free.power.value > 10)
        let kept = try run([frames, speech], isShared: true, budget: Watts(8))
        #expect(kept.power.value < 8.2 && kept.power.value > 7.5)
        for results in kept.results {
            #expect(
                results.contains { $0.rule == .energyPriced && $0.reason.hasSuffix("too much for the energy budget") })
        }
        #expect(free.results.joined().allSatisfy { $0.rule != .energyPriced })
        // A stream alone keeps to it as well.
        let alone = try run([frames], isShared: false, budget: Watts(6.5))
        #expect(alone.power.value < 6.7 && alone.power.value > 6)
    }

    @Test func `Work that shares the simulated cores takes longer, and draws no more energy`() {
        let simulation = Simulation(seed: 1, idlePower: Watts(2), cores: 2)
        let (clock, machine) = (simulation.clock, simulation.machine)
        let group = DispatchGroup()
        let taken = Mutex<[Duration]>([])
        clock.enter()
        for (seconds, threads) in [(2, 2), (3, 2), (4, 0)] {
            group.enter()
            clock.startThread(named: "test", stackSize: 1 << 20) {
                let time = machine.work(for: .seconds(seconds), drawing: Watts(7), on: threads)
                taken.withLock { $0.append(time) }
                group.leave()
            }
        }
        clock.sleep(until: clock.now() + .seconds(10))
        // Both at half speed until 2 s of work are done for each; what runs elsewhere is not held up.
        #expect(taken.withLock { $0.map { Int($0.seconds.rounded()) } } == [4, 4, 5])
        #expect(abs(machine.read().value - (20 + 5 * (2 + 3 + 4))) < 1e-6)
        clock.leave()
        group.wait()
    }

    @Test func `A wait for news on a virtual clock ends at its moment, or with the news`() {
        let clock = RunClock.virtual(VirtualClock())
        let condition = RunCondition(clock)
        let ends = Mutex<[Duration]>([])
        let group = DispatchGroup()
        clock.enter()
        for milliseconds in [5, 50] {
            group.enter()
            clock.startThread(named: "test", stackSize: 1 << 20) {
                condition.withLock {
                    condition.wait(until: MonotonicTime(nanoseconds: 0) + .milliseconds(milliseconds))
                }
                let now = clock.now() - MonotonicTime(nanoseconds: 0)
                ends.withLock { $0.append(now) }
                group.leave()
            }
        }
        clock.sleep(until: MonotonicTime(nanoseconds: 0) + .milliseconds(20))
        condition.withLock { condition.broadcast() }
        clock.leave()
        group.wait()
        #expect(ends.withLock(\.self) == [.milliseconds(5), .milliseconds(20)])
    }
}
