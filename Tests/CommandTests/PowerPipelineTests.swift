import Foundation
import Machine
import Testing

/// Pipelines that choose among power settings: on a copied tree, and in a control group of their own.
@Suite(.serialized, .enabled(if: Installed.isComplete, Installed.missing))
struct PowerPipelineTests {
    private static let limit = "/sys/class/powercap/intel-rapl:0/constraint_0_power_limit_uw"
    private let scratch: ScratchFolder
    private let demo: ShortDemo
    private let candidates = ["--recognizer", "efficientnet-lite0-int8", "--threads", "1"]

    init() throws {
        scratch = try ScratchFolder()
        demo = try ShortDemo()
        let folder = scratch.path("machine/sys/class/powercap/intel-rapl:0")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try scratch.write("45000000\n", to: "machine" + Self.limit)
        try scratch.write("65000000\n", to: "machine/sys/class/powercap/intel-rapl:0/constraint_0_max_power_uw")
    }

    /// A run on the copied tree.
    private func heed(_ arguments: [String], onTree: Bool = true) throws -> HeedProcess.Result {
        let tree = onTree ? ["HEED_MACHINE_ROOT": scratch.path("machine")] : [:]
        return try HeedProcess.run(
            arguments + candidates + ["--profile", scratch.path("p.json")],
            environment: ["XDG_STATE_HOME": scratch.path("state")].merging(tree) { _, new in new })
    }

    /// Replays with what one candidate less hungry than the other says.
    private func replay(_ power: String, _ arguments: [String] = [], onTree: Bool = true) throws -> (
        run: HeedProcess.Result, lines: [[String: Any]]
    ) {
        let results = scratch.path("r.jsonl")
        let run = try heed(
            ["replay", demo.path, "--pace", "fast", "--minimize", "energy", "--accuracy", "0.1", "--deadline", "2s"]
                + ["--power", power, "--results", results] + arguments, onTree: onTree)
        guard run.status == 0 else { return (run, []) }
        let lines = try String(contentsOfFile: results, encoding: .utf8).split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        return (run, lines)
    }

    private var limit: String? {
        try? String(contentsOfFile: scratch.path("machine" + Self.limit), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Measures the candidates, and writes into the profile that those with a power setting draw next to nothing.
    private func profile(_ power: String, onTree: Bool = true) throws {
        let run = try heed(["profile", "--power", power], onTree: onTree)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("efficientnet-lite0-int8@cpu-1t-"), "\(run.output)")
        let data = try Data(contentsOf: URL(fileURLWithPath: scratch.path("p.json")))
        var profile = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        var candidates = try #require(profile["candidates"] as? [[String: Any]])
        #expect(candidates.count == 2)
        for index in candidates.indices {
            let candidate = candidates[index]["candidate"] as? [String: Any]
            let isSet = (candidate?["setting"] as? [String: Any])?["power"] != nil
            #expect((candidates[index]["settle_ms"] != nil) == isSet)
            candidates[index]["power_w"] = isSet ? 1 : 500
        }
        profile["candidates"] = candidates
        try JSONSerialization.data(withJSONObject: profile).write(to: URL(fileURLWithPath: scratch.path("p.json")))
    }

    private func isAll(_ lines: [[String: Any]], _ candidate: String) -> Bool {
        lines.count == ShortDemo.frames && lines.allSatisfy { $0["candidate"] as? String == candidate }
    }

    @Test func aPipelineRunsWithAPowerSettingAndPutsBackWhatWasThere() throws {
        try profile("package: 20 W")
        #expect(limit == "45000000")
        let (run, lines) = try replay("package: 20 W")
        #expect(run.status == 0, "\(run.errors)")
        #expect(isAll(lines, "efficientnet-lite0-int8@cpu-1t-package-20W"))
        #expect(lines.allSatisfy { $0["fallback"] == nil })
        #expect(limit == "45000000")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("state/heed/power.json")))
    }

    @Test func aSignalInTheRunPutsBackWhatWasThere() throws {
        try profile("package: 20 W")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: HeedProcess.executable)
        process.arguments =
            ["replay", Installed.demo, "--stream", "frames", "--minimize", "energy", "--accuracy", "0.1"]
            + ["--power", "package: 20 W", "--profile", scratch.path("p.json")] + candidates
        process.environment = ProcessInfo.processInfo.environment.merging([
            "XDG_STATE_HOME": scratch.path("state"), "HEED_MACHINE_ROOT": scratch.path("machine"),
        ]) { _, new in new }
        (process.standardInput, process.standardOutput) = (FileHandle.nullDevice, FileHandle.nullDevice)
        process.standardError = FileHandle.nullDevice
        try process.run()
        // Set once to be tried, and then for the samples: for long enough to be seen twice.
        var seen = 0
        while seen < 20, process.isRunning {
            seen = limit == "20000000" ? seen + 1 : 0
            usleep(10_000)
        }
        process.interrupt()
        process.waitUntilExit()
        #expect(seen == 20)
        #expect(process.terminationStatus == 130)
        #expect(limit == "45000000")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("state/heed/power.json")))
    }

    @Test func aSettingThatIsRefusedIsSaidOnceAndTheRestGoesOn() throws {
        let (run, lines) = try replay("package: 900 W")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.components(separatedBy: "package-900W is left out: ").count == 2, "\(run.errors)")
        #expect(isAll(lines, "efficientnet-lite0-int8@cpu-1t"))
        #expect(lines.allSatisfy { ($0["fallback"] as? String)?.hasPrefix("package-900W: ") == true })
    }

    @Test func aSimulatedRunTouchesNoKnob() throws {
        try profile("package: 20 W")
        try FileManager.default.removeItem(atPath: scratch.path("machine"))
        let (run, lines) = try replay("package: 20 W", ["--pace", "simulated"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(isAll(lines, "efficientnet-lite0-int8@cpu-1t-package-20W"))
    }

    @Test func twoStreamsAtOnceAreRefused() throws {
        let run = try HeedProcess.run(
            [
                "replay", Installed.demo, "--power", "package: 20 W", "--recognizer", "efficientnet-lite0-int8",
                "--recognizer", "moonshine-tiny", "--profile", TestProfile.path, "--accept-profile", "--pace", "fast",
            ],
            environment: ["XDG_STATE_HOME": scratch.path("state"), "HEED_MACHINE_ROOT": scratch.path("machine")])
        #expect(run.status == 1)
        #expect(run.errors.contains("settings.power: frames and speech at once"), "\(run.errors)")
        #expect(limit == "45000000")
    }

    @Test func aDamagedStateFileIsKeptAsideAndTheRunGoesOn() throws {
        let folder = scratch.path("state/heed")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try scratch.write("{", to: "state/heed/power.json")
        let (run, lines) = try replay("package: 20 W")
        #expect(run.status == 0, "\(run.errors)")
        #expect(lines.count == ShortDemo.frames)
        #expect(run.errors.contains("power.json.damaged"), "\(run.errors)")
        #expect(!run.errors.contains("package-20W is left out"))
    }

    private static let obstacle = PowerKnobs.discover().statuses.first { $0.kind == .cpu }?.reason ?? ""

    @Test(.enabled(if: obstacle.isEmpty, "skipped: no control group can be made here: \(obstacle)"))
    func aRunWithLessProcessorTimeIsInAControlGroupOfItsOwnThatIsGoneAfterwards() throws {
        try profile("cpu: 60%", onTree: false)
        let (run, lines) = try replay("cpu: 60%", onTree: false)
        #expect(run.status == 0, "\(run.errors)")
        #expect(isAll(lines, "efficientnet-lite0-int8@cpu-1t-cpu-60%"))
        let power = try HeedProcess.run(["power"], environment: ["XDG_STATE_HOME": scratch.path("state")])
        #expect(power.output.contains("heed holds none of them"), "\(power.output)")
    }
}
