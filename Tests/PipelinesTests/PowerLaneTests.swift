import Alert
import Foundation
import InMemoryLogging
import Logging
import Media
import Synchronization
import Testing
import Units

@testable import Machine
@testable import Pipelines

/// A lane that sets the power of a machine that is a copied tree.
@Suite(.timeLimit(.minutes(1)))
struct PowerLaneTests {
    private static let limit = "/sys/class/powercap/intel-rapl:0/constraint_0_power_limit_uw"

    /// A tree with one package's power limit, 45 W of 65.
    private final class Tree: Sendable {
        let root = FileManager.default.temporaryDirectory.path + "/heed-lane-" + UUID().uuidString

        init() throws {
            try write("45000000", to: PowerLaneTests.limit)
            try write("65000000", to: "/sys/class/powercap/intel-rapl:0/constraint_0_max_power_uw")
        }

        deinit { try? FileManager.default.removeItem(atPath: root) }

        func write(_ text: String, to path: String) throws {
            let file = URL(fileURLWithPath: root + path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }

        var watts: String? { try? String(contentsOfFile: root + PowerLaneTests.limit, encoding: .utf8) }

        func control(_ settings: String...) throws -> PowerControl {
            PowerControl(
                knobs: .discover(root: root), settings: try settings.map { try PowerSetting($0) },
                file: PowerStateFile(path: root + "/state/power.json"))
        }
    }

    /// Answers with the power limit that was set before the sample was converted.
    private final class Stage: RecognitionStage {
        let tree: Tree
        let ready: CandidateSet
        var before: (Int) -> Void = { _ in }
        let interval = Duration.milliseconds(10)
        let hasUniformSamples = true
        let losses: String? = nil
        let processorOrder: [String] = []
        private var seen: String?

        init(_ tree: Tree, count: Int) { (self.tree, ready) = (tree, CandidateSet(0..<count)) }

        static func result(of sample: Sample<Int>, outcome: Outcome, reason: String) -> SampleResult {
            SampleResult(.frames, sample, outcome: outcome, reason: reason)
        }
        func lose(_: Int, because _: String) -> Bool { false }
        func note(slowdown _: Double) {}
        func plan(_ sample: Sample<Int>, at _: MonotonicTime) -> SamplePlan {
            before(sample.payload)
            return .choose(.init())
        }
        func load(_: Sample<Int>, for _: Int) throws { seen = tree.watts }
        func infer(with _: Int, within _: StageLimit?) throws -> Inference { Inference(time: .milliseconds(1)) }
        func answer(of _: Int, after _: Inference, predicted _: Duration, into result: inout SampleResult) {
            result.label = seen
        }
        func giveUp(_: Sample<Int>, into _: inout SampleResult) {}
        func wasEmitted(_: SampleResult, latency _: Duration?) {}
    }

    private final class Results: ResultSink {
        let all = Mutex<[SampleResult]>([])
        func receive(_ result: SampleResult) { all.withLock { $0.append(result) } }
        func finish() {}
    }

    /// Candidates that are chosen the rather the later they stand.
    private static func candidates(_ powers: [String?]) -> [CandidateProfile] {
        powers.enumerated().map { index, power in
            CandidateProfile(
                candidate: Candidate(recognizer: "r", setting: Setting(threads: 1, power: power)),
                time: TimeStatistics(samples: [.milliseconds(1)]), power: Watts(5), accuracy: 0.7 + 0.1 * Double(index))
        }
    }

    /// Runs samples one after the other, with `before` called before each.
    private func run(
        _ tree: Tree, _ control: PowerControl, _ powers: [String?], samples: Int = 6,
        before: @escaping (Int) -> Void = { _ in }
    ) throws -> (results: [SampleResult], notices: [String]) {
        let candidates = Self.candidates(powers)
        let goal = try Goal(deadline: .seconds(5), objective: .minimizeError(energy: nil))
        let sink = Results()
        let log = InMemoryLogHandler()
        let group = SinkGroup([sink])
        let gate = SampleGate<Int>(capacity: samples, overflow: .wait) {
            Stage.result(of: $0, outcome: .superseded, reason: "")
        }
        let stage = Stage(tree, count: powers.count)
        stage.before = before
        let lane = StreamLane(
            stage: stage, gate: gate, policy: try AlertPolicy(candidates: candidates, idlePower: .zero, goal: goal),
            isPaced: true, idlePower: .zero, meter: EstimatedEnergyMeter(), activity: LaneActivity(),
            clock: .monotonic, power: LanePower(control, for: candidates, logger: Logger(label: "test") { _ in log }),
            sinks: group)
        gate.feed(threadName: "test") {
            for sequence in 0..<samples {
                let now = MonotonicTime.now()
                _ = gate.push(
                    Sample(
                        sequence: sequence, captured: now, timeQuality: .scheduled, deadline: now + .seconds(5),
                        payload: sequence))
            }
        }
        #expect(lane.run() == nil)
        #expect(group.finish() == nil)
        return (sink.all.withLock(\.self), log.entries.map { "\($0.message)" })
    }

    @Test func `A candidate's power is set before its sample is converted`() throws {
        let tree = try Tree()
        let control = try tree.control("package: 20 W")
        let (results, notices) = try run(tree, control, [nil, "package-20W"])
        #expect(results.map(\.label) == [String?](repeating: "20000000", count: 6))
        #expect(results.last?.candidate == "r@cpu-1t-package-20W")
        #expect(notices == [])
        control.restore()
        #expect(tree.watts == "45000000")
    }

    @Test func `What leaves the machine alone runs on the machine as it was found`() throws {
        let tree = try Tree()
        let control = try tree.control("package: 20 W")
        try control.apply(named: "package-20W")
        let (results, _) = try run(tree, control, ["package-20W", nil])
        #expect(results.last?.label == "45000000")
        control.restore()
    }

    @Test func `A knob that vanishes is given up with one notice, and recognition goes on`() throws {
        let tree = try Tree()
        let control = try tree.control("package: 20 W", "package: 30 W")
        let (results, notices) = try run(tree, control, [nil, "package-20W", "package-30W"]) { sequence in
            if sequence == 3 {
                try? FileManager.default.removeItem(atPath: tree.root + Self.limit)
                // What is set already need not be set again.
                _ = try? control.apply(nil)
            }
        }
        #expect(results.count == 6)
        #expect(results.allSatisfy { $0.outcome == .met })
        #expect(results.prefix(3).allSatisfy { $0.candidate == "r@cpu-1t-package-30W" && $0.fallback == nil })
        #expect(results.suffix(3).allSatisfy { $0.candidate == "r@cpu-1t" && $0.fallback?.contains("package") == true })
        #expect(results.allSatisfy { !$0.failedOver })
        #expect(notices.count == 1)
    }

    @Test func `What somebody else sets meanwhile is left to them, and said once`() throws {
        let tree = try Tree()
        let control = try tree.control("package: 20 W")
        let (results, notices) = try run(tree, control, [nil, "package-20W"]) { sequence in
            // Before the first is set.
            if sequence == 0 { try? tree.write("33000000", to: Self.limit) }
        }
        #expect(results.allSatisfy { $0.candidate == "r@cpu-1t" && $0.outcome == .met })
        #expect(notices.count == 1)
        #expect(notices.first?.contains("somebody else sets it") == true)
        control.restore()
        #expect(tree.watts == "33000000")
    }
}
