import Alert
import Foundation
import Machine
import Media
import Recognition
import Synchronization
import Testing
import Units

@testable import Pipelines

/// A lane whose policy learns, and is changed while it runs.
@Suite(.timeLimit(.minutes(1)))
struct LearningLaneTests {
    private final class Stage: RecognitionStage {
        let interval = Duration.milliseconds(1)
        let hasUniformSamples = true
        let ready = CandidateSet([0, 1])
        let losses: String? = nil
        let processorOrder: [String] = []

        static func result(of sample: Sample<Int>, outcome: Outcome, reason: String) -> SampleResult {
            SampleResult(.frames, sample, outcome: outcome, reason: reason)
        }
        func lose(_: Int, because _: String) -> Bool { false }
        func note(slowdown _: Double) {}
        func plan(_: Sample<Int>, at _: MonotonicTime) -> SamplePlan { .choose(.init()) }
        func load(_: Sample<Int>, for _: Int) throws {}
        func infer(with _: Int, within _: StageLimit?) throws -> Inference { Inference(time: .milliseconds(1)) }
        func answer(of _: Int, after _: Inference, predicted _: Duration, into _: inout SampleResult) {}
        func giveUp(_: Sample<Int>, into _: inout SampleResult) {}
        func wasEmitted(_: SampleResult, latency _: Duration?) {}
    }

    private let folder: TemporaryFolder
    private let goal: Goal
    private let memory: StreamMemory
    private let controls: StreamControls
    private let policy: any Policy

    init() throws {
        folder = try TemporaryFolder()
        goal = try Goal(deadline: .seconds(1), objective: .minimizeError(energy: nil))
        memory = StreamMemory(of: .frames, in: .folder(folder.path))
        var policy = try Policies.make(
            "autoscale", candidates: StreamMemoryTests.candidates, idlePower: .zero, goal: goal)
        _ = try memory.takeUp(&policy)
        self.policy = policy
        controls = StreamControls(
            stream: .frames, source: "", policy: policy, idlePower: .zero, queueCapacity: 4, waiting: { 0 },
            noteGoal: { _ in }, memory: memory)
    }

    private func scheduler() -> LaneScheduler<Stage> {
        LaneScheduler(
            stage: Stage(), clock: .monotonic, policy: policy, power: nil, share: nil, budget: nil, memory: memory)
    }

    /// Asks for a change, and has the lane obey.
    private func change(
        _ scheduler: inout LaneScheduler<Stage>, goal: Goal? = nil, policy: String? = nil
    ) throws {
        try controls.change(goal: goal, policy: policy)
        scheduler.obey(try #require(controls.takeOrders()))
    }

    private func lessons(_ scheduler: LaneScheduler<Stage>) -> Int { StreamMemoryTests.lessons(of: scheduler.policy) }

    @Test func `A policy that comes back goes on from what it had learned in the same run`() throws {
        var scheduler = scheduler()
        StreamMemoryTests.teach(&scheduler.policy)
        let learned = lessons(scheduler)
        #expect(learned == 19)
        try change(&scheduler, policy: "alert")
        #expect(scheduler.policy.name == "alert")
        try change(&scheduler, policy: "autoscale")
        #expect(lessons(scheduler) == learned)
    }

    @Test func `What a policy learned before it was changed is kept at the end`() throws {
        var scheduler = scheduler()
        StreamMemoryTests.teach(&scheduler.policy)
        try change(&scheduler, policy: "fastest")
        scheduler.keepLearned()
        #expect(memory.save().lines == ["autoscale of frames, in \(folder.path)/autoscale-frames.json"])
    }

    @Test func `Two changes before the next sample lose nothing`() throws {
        var scheduler = scheduler()
        StreamMemoryTests.teach(&scheduler.policy)
        try controls.change(policy: "bandit")
        try change(&scheduler, policy: "autoscale")
        #expect(lessons(scheduler) == 19)
    }

    @Test func `A goal that comes back has what was learned for it`() throws {
        var scheduler = scheduler()
        StreamMemoryTests.teach(&scheduler.policy)
        let other = try Goal(deadline: .milliseconds(500), objective: .minimizeError(energy: nil))
        try change(&scheduler, goal: other)
        #expect(lessons(scheduler) == 0)
        StreamMemoryTests.teach(&scheduler.policy, 5)
        try change(&scheduler, goal: goal)
        #expect(lessons(scheduler) == 19)
        try change(&scheduler, goal: other)
        #expect(lessons(scheduler) == 4)
    }

    @Test func `A change to a policy whose file is damaged is refused with the reason`() throws {
        try folder.write("nonsense", to: "bandit-frames.json")
        let error = #expect(throws: PipelinesError.self) { try controls.change(policy: "bandit") }
        #expect(error?.message.contains("bandit-frames.json: not readable") == true)
        #expect(controls.policy == "autoscale")
        #expect(controls.takeOrders() == nil)
    }

    @Test func `A lane that ends leaves what its policy learned`() throws {
        let gate = SampleGate<Int>(capacity: 32, overflow: .wait) {
            Stage.result(of: $0, outcome: .superseded, reason: "")
        }
        let lane = StreamLane(
            stage: Stage(), gate: gate, policy: policy, isPaced: true, idlePower: .zero, meter: EstimatedEnergyMeter(),
            activity: LaneActivity(), clock: .monotonic, controls: controls, memory: memory, sinks: SinkGroup([]))
        gate.feed(threadName: "test") {
            for sequence in 0..<20 {
                let now = MonotonicTime.now()
                _ = gate.push(
                    Sample(
                        sequence: sequence, captured: now, timeQuality: .scheduled, deadline: now + .seconds(1),
                        payload: sequence))
            }
        }
        #expect(lane.run() == nil)
        #expect(memory.save().lines.count == 1)
        var next = try Policies.make(
            "autoscale", candidates: StreamMemoryTests.candidates, idlePower: .zero, goal: goal)
        let line = try StreamMemory(of: .frames, in: .folder(folder.path)).takeUp(&next)
        #expect(line?.contains("goes on from 19 inferences") == true, "\(line ?? "")")
    }
}
