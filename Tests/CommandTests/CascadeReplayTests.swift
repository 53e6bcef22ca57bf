import Foundation
import Testing

/// `heed replay` with a cascade of the real models on the demo recording.
@Suite(.serialized, .enabled(if: Installed.isComplete, Installed.missing))
struct CascadeReplayTests {
    private static let cascade = "efficientnet-lite0-int8+efficientnet-lite2-int8"

    private let demo: ShortDemo

    init() throws { demo = try ShortDemo() }

    private func lines(_ arguments: [String]) throws -> [[String: Any]] {
        let scratch = try ScratchFolder()
        let results = scratch.path("r.jsonl")
        let run = try HeedProcess.run(
            ["replay", demo.path, "--stream", "frames", "--recognizer", Self.cascade, "--threads", "1"] + arguments
                + ["--profile", TestProfile.path, "--results", results])
        #expect(run.status == 0, "\(run.errors)")
        return try String(contentsOfFile: results, encoding: .utf8).split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test func `With time left the last stage answers, and the line says so`() throws {
        let lines = try lines(["--pace", "fast", "--deadline", "10s"])
        #expect(!lines.isEmpty)
        #expect(lines.allSatisfy { $0["stage"] as? Int == 2 && $0["stages"] as? Int == 2 })
        #expect(lines.allSatisfy { $0["candidate"] as? String == Self.cascade + "@cpu-1t" })
    }

    @Test func `A first stage that is sure enough is the last`() throws {
        let lines = try lines(["--pace", "fast", "--deadline", "10s", "--enough", "0"])
        #expect(!lines.isEmpty)
        #expect(lines.allSatisfy { $0["stage"] as? Int == 1 && $0["stages"] as? Int == 2 })
    }

    @Test func `A deadline between the stages has the first one's answer`() throws {
        // Measures it, unless that was done.
        _ = try lines(["--pace", "simulated", "--deadline", "10s"])
        let data = try Data(contentsOf: URL(fileURLWithPath: TestProfile.path))
        let profile = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let candidates = try #require(profile["candidates"] as? [[String: Any]])
        let cascade = try #require(
            candidates.first {
                let candidate = $0["candidate"] as? [String: Any]
                let setting = candidate?["setting"] as? [String: Any]
                return candidate?["recognizer"] as? String == Self.cascade && setting?["threads"] as? Int == 1
            })
        let stages = try #require(cascade["stages"] as? [[String: Any]])
        let medians = stages.compactMap { ($0["time"] as? [String: Any])?["median_ms"] as? Double }
        try #require(medians.count == 2)
        let between = "\((medians[0] + medians[1]) / 2)ms"
        let lines = try lines(["--pace", "simulated", "--deadline", between])
        let answered = lines.filter { $0["stage"] != nil }
        #expect(answered.count > lines.count / 2)
        #expect(answered.allSatisfy { $0["stage"] as? Int == 1 })
    }

    @Test func `A cascade of unknown or unlike models is an error that says why`() throws {
        for (name, reason) in [
            ("efficientnet-lite0-int8+nothing", "no such recogniser"),
            ("efficientnet-lite2-int8+efficientnet-lite0-int8", "no more accurate"),
        ] {
            let run = try HeedProcess.run(["replay", demo.path, "--recognizer", name, "--profile", TestProfile.path])
            #expect(run.status != 0)
            #expect(run.errors.contains(reason), "\(run.errors)")
        }
        let run = try HeedProcess.run(["replay", demo.path, "--enough", "2"])
        #expect(run.status != 0 && run.errors.contains("expected a number from 0 to 1"))
    }
}
