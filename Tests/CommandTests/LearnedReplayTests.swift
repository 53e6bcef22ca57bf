import Foundation
import Glibc
import Testing

/// `heed replay` with policies that learn, run after run.
@Suite(.serialized, .enabled(if: Installed.isComplete, Installed.missing))
struct LearnedReplayTests {
    private let demo: ShortDemo
    private let scratch: ScratchFolder

    init() throws {
        demo = try ShortDemo()
        scratch = try ScratchFolder()
    }

    private var file: String { scratch.path("learned.json") }

    private func replay(_ arguments: [String], learned: String?, pace: String = "fast") throws -> HeedProcess.Result {
        try HeedProcess.run(
            ["replay", demo.path, "--policy", "autoscale", "--pace", pace, "--deadline", "2s", "--threads", "1"]
                + ["--profile", TestProfile.path] + arguments + (learned.map { ["--learned", $0] } ?? []))
    }

    @Test func `The second replay goes on from the first, and another goal starts anew`() throws {
        let first = try replay([], learned: file)
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.errors.contains("frames: autoscale starts anew, and keeps what it learns in \(file)"))
        #expect(first.output.contains("  learned: autoscale of frames, in \(file)"), "\(first.output)")
        let count = ShortDemo.frames - 1
        let second = try replay([], learned: file)
        #expect(
            second.errors.contains("autoscale goes on from \(count) inferences learned for this goal: \(file)"),
            "\(second.errors)")
        let other = try replay(["--minimize", "energy", "--accuracy", "0.5"], learned: file)
        #expect(other.errors.contains("starts anew: what it learned before was for another goal: \(file)"))
        let third = try replay([], learned: file)
        #expect(third.errors.contains("goes on from \(2 * count) inferences"), "\(third.errors)")
    }

    @Test(arguments: ["fast", "simulated"])
    func `A replay that repeats itself keeps nothing unless it is told where`(pace: String) throws {
        let data = try BadInputTests.copyOfData(in: scratch)
        let run = try HeedProcess.run(
            ["replay", demo.path, "--policy", "autoscale", "--pace", pace, "--profile", TestProfile.path],
            environment: ["XDG_DATA_HOME": data])
        #expect(run.status == 0, "\(run.errors)")
        #expect(!run.output.contains("learned") && !run.errors.contains("autoscale"), "\(run.output)\(run.errors)")
        #expect(!FileManager.default.fileExists(atPath: data + "/heed/learned"))
    }

    @Test func `A replay in real time keeps it in heed's data folder, and none keeps nothing`() throws {
        let data = try BadInputTests.copyOfData(in: scratch)
        let place = data + "/heed/learned/autoscale-frames.json"
        func replay(_ arguments: [String]) throws -> HeedProcess.Result {
            try HeedProcess.run(
                ["replay", demo.path, "--policy", "autoscale", "--profile", TestProfile.path] + arguments,
                environment: ["XDG_DATA_HOME": data])
        }
        #expect(try replay(["--learned", "none"]).status == 0)
        #expect(!FileManager.default.fileExists(atPath: place))
        let run = try replay([])
        #expect(run.status == 0 && run.output.contains("autoscale of frames, in \(place)"), "\(run.output)")
        #expect(FileManager.default.fileExists(atPath: place))
    }

    @Test func `A replay that is stopped keeps what was learned until then`() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: HeedProcess.executable)
        process.arguments = [
            "replay", Installed.demo, "--stream", "frames", "--policy", "autoscale", "--profile", TestProfile.path,
            "--learned", file, "--results", scratch.path("r.jsonl"),
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let results = scratch.path("r.jsonl")
        while process.isRunning, ((try? String(contentsOfFile: results, encoding: .utf8)) ?? "").count < 10_000 {
            usleep(50_000)
        }
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(FileManager.default.fileExists(atPath: file))
    }

    @Test func `A damaged file is an error before the run, and stays as it is`() throws {
        try scratch.write("{\"format\": \"heed-learned/1\"", to: "learned.json")
        let run = try replay([], learned: file)
        #expect(run.status != 0)
        #expect(run.errors.contains("\(file): not readable") && run.errors.contains("remove it"), "\(run.errors)")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "{\"format\": \"heed-learned/1\"")
    }

    @Test func `A file for what is learned must not be another output`() throws {
        let run = try replay(["--results", file], learned: file)
        #expect(run.status != 0 && run.errors.contains("two outputs"), "\(run.errors)")
        #expect(try replay([], learned: "").errors.contains("expected a file, auto or none"))
    }
}
