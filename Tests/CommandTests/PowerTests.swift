import Foundation
import Machine
import Testing

/// The real executable on a copied tree: what it changes, and what it puts back however it ends.
struct PowerTests {
    private static let limit = "/sys/class/powercap/intel-rapl:0/constraint_0_power_limit_uw"
    private let scratch: ScratchFolder
    private var environment: [String: String] {
        ["HEED_MACHINE_ROOT": scratch.path("machine"), "XDG_STATE_HOME": scratch.path("state")]
    }

    init() throws {
        scratch = try ScratchFolder()
        let folder = scratch.path("machine/sys/class/powercap/intel-rapl:0")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try scratch.write("45000000\n", to: "machine" + Self.limit)
        try scratch.write("65000000\n", to: "machine/sys/class/powercap/intel-rapl:0/constraint_0_max_power_uw")
    }

    private func limit() throws -> String {
        try String(contentsOfFile: scratch.path("machine" + Self.limit), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private var stateFile: String { scratch.path("state/heed/power.json") }

    private struct HoldFailure: Error { var said: String }

    /// Starts `heed power --set` and waits until it says that it is set.
    private func hold(_ setting: String, environment: [String: String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: HeedProcess.executable)
        process.arguments = ["power", "--set", setting]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard said.contains("set; the machine follows") else {
            process.terminate()
            throw HoldFailure(said: said)
        }
        return process
    }

    @Test func killedWithoutWarningTheNextStartPutsBack() throws {
        let process = try hold("package: 20 W", environment: environment)
        #expect(try limit() == "20000000")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        // Nobody was left to put anything back.
        #expect(try limit() == "20000000")
        #expect(FileManager.default.fileExists(atPath: stateFile))

        // The run has nothing to read and fails, but it has begun.
        let next = try HeedProcess.run(["replay", scratch.path("nothing.mkv")], environment: environment)
        #expect(next.status != 0)
        #expect(next.errors.contains("put back to 45000000"))
        #expect(try limit() == "45000000")
        #expect(!FileManager.default.fileExists(atPath: stateFile))
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func aSignalPutsBack(signal: Int32) throws {
        let process = try hold("package: 20 W", environment: environment)
        #expect(try limit() == "20000000")
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try limit() == "45000000")
        #expect(!FileManager.default.fileExists(atPath: stateFile))
    }

    @Test func aSecondHolderIsToldWhoTheFirstIs() throws {
        let first = try hold("package: 20 W", environment: environment)
        let second = try HeedProcess.run(["power", "--set", "package: 30 W"], environment: environment)
        #expect(second.status != 0)
        #expect(second.errors.contains("process \(first.processIdentifier)"))
        let list = try HeedProcess.run(["power"], environment: environment)
        #expect(list.output.contains("package (package power limit): 20.0 W; may be 6.5 W to 65.0 W"))
        #expect(list.output.contains("held by heed (process \(first.processIdentifier))"))
        let restore = try HeedProcess.run(["power", "--restore"], environment: environment)
        #expect(restore.output.contains("nothing to put back"))
        #expect(try limit() == "20000000")
        first.terminate()
        first.waitUntilExit()
        #expect(try limit() == "45000000")
    }

    private static let obstacle = PowerKnobs.discover().statuses.first { $0.kind == .cpu }?.reason ?? ""

    @Test(.enabled(if: obstacle.isEmpty, "skipped: no control group can be made here: \(obstacle)"))
    func aControlGroupOfTheKilledIsRemovedByTheNextStart() throws {
        let environment = ["XDG_STATE_HOME": scratch.path("state")]
        let process = try hold("cpu: 50%", environment: environment)
        let groups = try String(contentsOfFile: "/proc/\(process.processIdentifier)/cgroup", encoding: .utf8)
        #expect(groups.contains("heed-\(process.processIdentifier)"))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let left = try HeedProcess.run(["power"], environment: environment)
        #expect(left.output.contains("which is gone"))
        let next = try HeedProcess.run(["replay", scratch.path("nothing.mkv")], environment: environment)
        #expect(next.errors.contains("removed the control group"))
        #expect(!FileManager.default.fileExists(atPath: stateFile))
        let after = try HeedProcess.run(["power", "--restore"], environment: environment)
        #expect(after.output.contains("nothing to put back"))
    }
}
