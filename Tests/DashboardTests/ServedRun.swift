import Alert
import Foundation
import Glibc
import Logging
import Machine
import Media
import Synchronization
import Testing
import Units

@testable import Dashboard
@testable import Pipelines

/// A lane with a page: two candidates, a quick one and a better one, and samples for as long as a test wants.
final class ServedRun: Sendable {
    /// Takes the time that the candidates' profiles say, by doing nothing.
    private final class Stage: RecognitionStage {
        let interval = Duration.milliseconds(5)
        let hasUniformSamples = true
        let ready = CandidateSet([0, 1])
        let losses: String? = nil
        let processorOrder = ["cpu"]

        static func result(of sample: Sample<Int>, outcome: Outcome, reason: String) -> SampleResult {
            SampleResult(.frames, sample, outcome: outcome, reason: reason)
        }
        func lose(_: Int, because _: String) -> Bool { false }
        func note(slowdown _: Double) {}
        func plan(_: Sample<Int>, at _: MonotonicTime) -> SamplePlan { .choose(.init()) }
        func load(_: Sample<Int>, for _: Int) throws {}
        func infer(with candidate: Int, within _: StageLimit?) throws -> Inference {
            Inference(time: ServedRun.times[candidate])
        }
        func answer(of candidate: Int, after _: Inference, predicted _: Duration, into result: inout SampleResult) {
            result.label = "\(candidate)"
            result.score = 0.5
        }
        func giveUp(_: Sample<Int>, into _: inout SampleResult) {}
        func wasEmitted(_: SampleResult, latency _: Duration?) {}
    }

    static let times = [Duration.milliseconds(1), .milliseconds(400)]
    static let names = ["quick@cpu-1t", "better@cpu-1t"]

    let page: Dashboard
    let port: Int
    let controls: StreamControls
    private let gate: SampleGate<Int>
    private let ended = DispatchSemaphore(value: 0)

    /// Serves a page on a port of the system's choice, and feeds a sample each 5 ms until the end.
    init(
        policy: String = "alert", token file: String? = nil,
        certificate: PipelineConfiguration.Page.Certificate? = nil, logger: Logger = Logger(label: "test")
    ) throws {
        var configuration = PipelineConfiguration.Page()
        configuration.address.port = 0
        configuration.tokenFile = file
        configuration.certificate = certificate
        page = try Dashboard(configuration, version: "test", logger: logger)
        port = try #require(URL(string: page.url)?.port)
        let candidates = zip(["quick", "better"], Self.times).enumerated().map { index, candidate in
            CandidateProfile(
                candidate: Candidate(recognizer: candidate.0, setting: Setting(threads: 1)),
                time: TimeStatistics(samples: [candidate.1]), power: Watts(5), accuracy: 0.7 + 0.2 * Double(index))
        }
        let goal = try Goal(deadline: .milliseconds(1000), objective: .minimizeError(energy: nil))
        let chooser = try Policies.make(policy, candidates: candidates, idlePower: .zero, goal: goal)
        let gate = SampleGate<Int>(capacity: 4, overflow: .supersede) {
            Stage.result(of: $0, outcome: .superseded, reason: "")
        }
        self.gate = gate
        let controls = StreamControls(
            stream: .frames, source: "a test", policy: chooser, idlePower: .zero, queueCapacity: 4,
            waiting: { gate.waiting }, noteGoal: { _ in })
        self.controls = controls
        let lane = LaneWork(
            StreamLane(
                stage: Stage(), gate: gate, policy: chooser, isPaced: true, idlePower: .zero,
                meter: EstimatedEnergyMeter(), activity: LaneActivity(), clock: .monotonic, controls: controls,
                sinks: SinkGroup([page.sink])))
        page.begin(
            RunDescription(PipelineConfiguration(), isLive: true),
            RunControls(streams: [controls], playhead: nil, logger: Logger(label: "test")))
        gate.feed(threadName: "test") {
            var sequence = 0
            while !gate.isStopping {
                let now = MonotonicTime.now()
                _ = gate.push(
                    Sample(
                        sequence: sequence, captured: now, timeQuality: .scheduled,
                        deadline: now + controls.deadline.value, payload: sequence))
                sequence += 1
                (now + .milliseconds(5)).sleep()
            }
        }
        lane.start { [ended] in ended.signal() }
    }

    /// Ends the run and the page.
    func end() {
        gate.stop()
        ended.wait()
        page.end()
        page.close()
    }

    /// Runs `body` with a page and a run, and ends both.
    static func with(policy: String = "alert", _ body: @Sendable (ServedRun) throws -> Void) async throws {
        try await BlockingExecutor.run {
            let run = try ServedRun(policy: policy)
            defer { run.end() }
            try body(run)
        }
    }

    /// Whether samples are still recognised, as the page tells; waits for some.
    func goesOn() throws -> Bool {
        let before = try answered()
        for _ in 0..<500 {
            if try answered() > before { return true }
            usleep(10_000)
        }
        return false
    }

    private func answered() throws -> Int {
        let client = try RawClient(port: port)
        client.get("/api/stats")
        let stats = try JSONSerialization.jsonObject(with: Data(client.answer().body.utf8)) as? [String: Any]
        let frames = (stats?["streams"] as? [String: Any])?["frames"] as? [String: Any]
        return (frames?["outcomes"] as? [String: Int])?["met"] ?? 0
    }

    /// The state as the page tells it.
    func state() throws -> [String: Any] {
        let client = try RawClient(port: port)
        client.get("/api/state")
        let body = client.answer().body
        return try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
    }
}

/// A lane's work, to be done by one other thread, once.
private final class LaneWork: @unchecked Sendable {  // Touched by the thread that does it alone, once it was made.
    private let work: () -> Void

    init(_ lane: StreamLane<some RecognitionStage>) { work = { _ = lane.run() } }

    func start(_ done: @escaping @Sendable () -> Void) {
        Thread.detachNewThread { [self] in
            work()
            done()
        }
    }
}
