import Foundation
import Testing

/// `heed replay --pace simulated` on the real models: the same results, however often.
@Suite(.serialized, .enabled(if: SpokenFiles.isPossible && Installed.isComplete, SpokenFiles.missing))
struct SimulatedReplayTests {
    /// What a replay wrote, to the last byte.
    private struct Written: Equatable {
        var results: Data
        var summary: Data

        func lines(of stream: String? = nil) throws -> [[String: Any]] {
            try results.split(separator: UInt8(ascii: "\n")).map {
                try #require(try JSONSerialization.jsonObject(with: $0) as? [String: Any])
            }.filter { stream == nil || $0["stream"] as? String == stream }
        }

        func figures() throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: summary) as? [String: Any])
        }
    }

    private let files: SpokenFiles
    /// Five seconds of the demo recording's frames, with somebody speaking.
    private let recording: String
    /// One of its own: other tests' replays add to the profile that they share.
    private let profile: String

    init() throws {
        files = try SpokenFiles()
        profile = files.folder.path("profile.json")
        try FileManager.default.copyItem(atPath: TestProfile.path, toPath: profile)
        let sound = try files.make("", "a.wav")
        recording = files.folder.path("both.mkv")
        try files.ffmpeg([
            "-i", Installed.demo, "-i", sound, "-map", "0:v", "-map", "1:a", "-c", "copy", "-t", "5", recording,
        ])
    }

    private func replay(_ arguments: [String], seed: Int = 7) throws -> Written {
        let (results, summary) = (files.folder.path("r.jsonl"), files.folder.path("s.json"))
        let run = try HeedProcess.run(
            ["replay", recording, "--pace", "simulated", "--seed", "\(seed)", "--profile", profile]
                + ["--results", results, "--summary", summary] + arguments)
        #expect(run.status == 0, "\(run.errors)")
        return Written(
            results: try Data(contentsOf: URL(fileURLWithPath: results)),
            summary: try Data(contentsOf: URL(fileURLWithPath: summary)))
    }

    /// Replays twice with one seed, which must not differ, and once with another, which must.
    private func replayed(_ arguments: [String]) throws -> Written {
        let first = try replay(arguments)
        #expect(try replay(arguments) == first)
        #expect(try replay(arguments, seed: 8).results != first.results)
        let (lines, figures) = (try first.lines(), try first.figures())
        #expect(figures["samples"] as? Int == lines.count && !lines.isEmpty)
        #expect((figures["outcomes"] as? [String: Int])?.values.reduce(0, +) == lines.count)
        return first
    }

    @Test func `Frames are the same each time, also when there is too little time for all`() throws {
        let written = try replayed(["--stream", "frames", "--rate", "1000", "--deadline", "30ms"])
        let outcomes = try #require(try written.figures()["outcomes"] as? [String: Int])
        #expect(outcomes["superseded"] ?? 0 > 0 && outcomes["met"] ?? 0 > 0)
        #expect(try written.lines().first?["captured_ns"] as? Int == 0)
        #expect(try written.lines().compactMap { $0["scheduler_us"] as? Double }.allSatisfy { $0 == 0 })
    }

    @Test func `Captions are the same each time`() throws {
        let lines = try replayed(["--stream", "speech", "--recognizer", "moonshine-tiny"]).lines()
        #expect(lines.contains { $0["kind"] as? String == "partial" })
        let text = lines.filter { $0["kind"] as? String == "final" }.compactMap { $0["text"] as? String }
        #expect(SpokenFiles.plain(text.joined(separator: " ")).contains("weather"))
    }

    @Test func `Both at once are the same each time, on one clock that moves by the profile's times`() throws {
        let written = try replayed([
            "--recognizer", "efficientnet-lite1-int8", "--recognizer", "moonshine-tiny", "--deadline", "40ms",
        ])
        let figures = try written.figures()
        #expect(figures["pace"] as? String == "simulated" && figures["seed"] as? Int == 7)
        let seconds = try #require(figures["seconds"] as? Double)
        #expect(seconds > 4.5 && seconds < 10)
        #expect((figures["energy_j"] as? [String: Any])?["source"] as? String == "simulated")
        for stream in ["frames", "speech"] {
            let lines = try written.lines(of: stream)
            #expect(Set(lines.compactMap { $0["sequence"] as? Int }) == Set(0..<lines.count))
            for line in lines {
                guard let inference = line["inference_ms"] as? Double, let latency = line["latency_ms"] as? Double
                else {
                    continue
                }
                #expect(latency >= inference - 1e-3 && inference > 0)
                #expect(line["energy_source"] as? String == "simulated")
            }
        }
    }

    @Test func `An energy budget saves power, the same each time`() throws {
        let recognizers = ["efficientnet-lite0-int8", "efficientnet-lite2-fp32", "moonshine-tiny"]
        let options = recognizers.flatMap { ["--recognizer", $0] } + ["--deadline", "60ms"]
        func energy(_ written: Written) throws -> [String: Any] {
            try #require(try written.figures()["energy_j"] as? [String: Any])
        }
        let free = try energy(try replay(options))
        #expect(free["budget_w"] == nil)
        let power = try #require(free["mean_w"] as? Double)
        // Five seconds are too short for a budget just below that: a debt must grow before energy has a price.
        let written = try replayed(options + ["--energy-budget", "5W"])
        let kept = try energy(written)
        #expect(kept["budget_w"] as? Double == 5)
        #expect(try #require(kept["mean_w"] as? Double) < power - 0.1)
        #expect(try written.lines().contains { $0["rule"] as? String == "energy-priced" })
    }

    @Test func `An energy budget of nothing is refused`() throws {
        let run = try HeedProcess.run(["replay", recording, "--energy-budget", "0W"])
        #expect(run.status != 0 && run.errors.contains("a power above 0"), "\(run.errors)")
    }

    @Test func `What is drawn for one stream does not depend on the other`() throws {
        let recognizers = [
            "--recognizer", "efficientnet-lite0-int8", "--recognizer", "moonshine-tiny", "--threads", "1",
        ]
        func times(_ written: Written, _ stream: String) throws -> [Double] {
            try written.lines(of: stream).compactMap { $0["inference_ms"] as? Double }
        }
        let both = try replay(recognizers + ["--deadline", "2s"])
        let frames = try times(try replay(recognizers + ["--deadline", "2s", "--stream", "frames"]), "frames")
        #expect(frames.count > 100)
        #expect(try times(both, "frames") == frames)
    }

    @Test func `A seed without a simulation is refused`() throws {
        let run = try HeedProcess.run(["replay", recording, "--seed", "7"])
        #expect(run.status != 0)
        #expect(run.errors.contains("--seed 7") && run.errors.contains("--pace simulated"), "\(run.errors)")
    }
}
