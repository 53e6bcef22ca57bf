import Alert
import Machine
import Media
import Recognition
import Synchronization
import Testing
import Units

@testable import Pipelines

/// A lane whose recogniser on one processor is there or not, as a test says.
@Suite(.timeLimit(.minutes(1)))
struct FailOverTests {
    /// Answers with the number of the candidate that ran.
    private final class Stage: RecognitionStage {
        let models: ResidentModels<Int>
        let isLost: @Sendable () -> Bool
        let processorOrder: [String]
        let interval = Duration.milliseconds(10)
        let hasUniformSamples = true

        init(_ models: ResidentModels<Int>, order: [String], isLost: @escaping @Sendable () -> Bool) {
            (self.models, processorOrder, self.isLost) = (models, order, isLost)
        }

        var ready: CandidateSet { models.ready }
        var losses: String? { models.losses }

        static func result(of sample: Sample<Int>, outcome: Outcome, reason: String) -> SampleResult {
            SampleResult(.frames, sample, outcome: outcome, reason: reason)
        }
        func lose(_ candidate: Int, because reason: String) -> Bool { models.lose(candidate, because: reason) }
        func note(slowdown: Double) { models.note(slowdown: slowdown) }
        func plan(_: Sample<Int>, at _: MonotonicTime) -> SamplePlan { .choose(.init()) }
        func load(_: Sample<Int>, for _: Int) throws {}
        func infer(with candidate: Int, within _: StageLimit?) throws -> Inference {
            if candidate == 1, isLost() { throw RecognitionError(.processorLost, "the device is gone") }
            return Inference(time: .milliseconds(1))
        }
        func answer(
            of candidate: Int, after _: Inference, predicted _: Duration, into result: inout SampleResult
        ) {
            result.label = "\(candidate)"
        }
        func giveUp(_: Sample<Int>, into _: inout SampleResult) {}
        func wasEmitted(_: SampleResult, latency _: Duration?) {}
    }

    private final class Results: ResultSink {
        let all = Mutex<[SampleResult]>([])
        func receive(_ result: SampleResult) { all.withLock { $0.append(result) } }
        func finish() {}
    }

    private static func candidates(_ processors: [String]) -> [CandidateProfile] {
        processors.enumerated().map { index, processor in
            CandidateProfile(
                candidate: Candidate(recognizer: "r", setting: Setting(processor: processor, threads: 1)),
                time: TimeStatistics(samples: [.milliseconds(1)]), power: Watts(5),
                accuracy: index == 1 ? 0.9 : 0.7 + 0.05 * Double(index))
        }
    }

    /// Runs samples through a lane one after the other; `lost` says when the second candidate's processor is away.
    private func run(
        _ processors: [String], order: [String] = [], samples: Int, every interval: Duration,
        lost: @escaping @Sendable () -> Bool
    ) throws -> (results: [SampleResult], summary: StreamSummary) {
        let candidates = Self.candidates(processors)
        let goal = try Goal(deadline: .milliseconds(500), objective: .minimizeError(energy: nil))
        let models = ResidentModels<Int>(
            processors.indices.map {
                .init(name: "r", processor: processors[$0], candidates: CandidateSet([$0]), bytes: 1)
            },
            load: { $0 },
            warmUp: { if $0 == 1, lost() { throw RecognitionError(.processorLost, "the device is still gone") } })
        try models.start(
            ResidencyPlanner(
                candidates: candidates, idlePower: .zero, goal: goal, models: models.plannedModels, budget: 10),
            inBackground: true)
        defer { models.stop() }
        while models.ready.count < processors.count { (MonotonicTime.now() + .milliseconds(1)).sleep() }
        let sink = Results()
        let gate = SampleGate<Int>(capacity: samples, overflow: .wait) {
            Stage.result(of: $0, outcome: .superseded, reason: "")
        }
        let lane = StreamLane(
            stage: Stage(models, order: order, isLost: lost), gate: gate,
            policy: try AlertPolicy(candidates: candidates, idlePower: .zero, goal: goal), isPaced: true,
            idlePower: .zero, meter: EstimatedEnergyMeter(), activity: LaneActivity(), clock: .monotonic,
            sinks: SinkGroup([sink]))
        gate.feed(threadName: "test") {
            for sequence in 0..<samples {
                let now = MonotonicTime.now()
                _ = gate.push(
                    Sample(
                        sequence: sequence, captured: now, timeQuality: .scheduled, deadline: now + .milliseconds(500),
                        payload: sequence))
                (now + interval).sleep()
            }
        }
        #expect(lane.run() == nil)
        return (sink.all.withLock(\.self), lane.summary())
    }

    @Test func `A sample whose processor is lost is recognised by another, in time, and says so`() throws {
        let runs = Atomic<Int>(0)
        let (results, summary) = try run(["cpu", "webgpu"], samples: 20, every: .milliseconds(5)) {
            // Two works, the warm-up among them; then it is away for good.
            runs.add(1, ordering: .relaxed).newValue > 5
        }
        #expect(results.count == 20)
        #expect(results.allSatisfy { $0.outcome == .met || $0.outcome == .late })
        let over = results.filter(\.failedOver)
        #expect(over.count == 1)
        #expect(summary.failovers == 1)
        #expect(over.first?.label == "0")
        #expect(results.first?.label == "1")
        #expect(results.first?.fallback == nil)
        #expect(results.last?.label == "0")
        #expect(results.last?.fallback?.hasPrefix("webgpu: ") == true)
    }

    @Test func `It returns when the processor works again`() throws {
        let runs = Atomic<Int>(0)
        let (results, _) = try run(["cpu", "webgpu"], samples: 80, every: .milliseconds(20)) {
            runs.add(1, ordering: .relaxed).newValue == 6
        }
        #expect(results.filter(\.failedOver).count == 1)
        #expect(results.last?.label == "1")
        #expect(results.last?.fallback == nil)
        #expect(results.allSatisfy { $0.outcome == .met || $0.outcome == .late })
    }

    @Test func `Where nothing else is there the sample fails, and says why`() throws {
        let runs = Atomic<Int>(0)
        let (results, _) = try run(["webgpu", "webgpu"], samples: 10, every: .milliseconds(5)) {
            runs.add(1, ordering: .relaxed).newValue > 3
        }
        #expect(results.last?.outcome == .failed)
        #expect(results.last?.reason.contains("webgpu: the device is gone") == true)
    }

    @Test(arguments: [([], "2"), (["webgpu", "cpu", "openvino"], "0"), (["openvino", "webgpu", "cpu"], "0")])
    func `It goes to the next processor that the pipeline names, else to what the policy holds best`(
        order: [String], label: String
    ) throws {
        let runs = Atomic<Int>(0)
        let (results, _) = try run(["cpu", "webgpu", "openvino"], order: order, samples: 10, every: .milliseconds(5)) {
            runs.add(1, ordering: .relaxed).newValue > 3
        }
        #expect(results.first?.label == "1")
        #expect(results.first(where: \.failedOver)?.label == label)
    }
}
