import Foundation
import Testing

/// `heed replay` on the real models and the demo recording.
@Suite(.serialized, .enabled(if: Installed.isComplete, Installed.missing))
struct ReplayTests {
    private struct Replay {
        var summary: [String: Any]
        var lines: [[String: Any]]

        var samples: Int { summary["samples"] as? Int ?? -1 }
        var outcomes: [String: Int] { summary["outcomes"] as? [String: Int] ?? [:] }
        var candidates: [String: Int] { summary["candidates"] as? [String: Int] ?? [:] }
    }

    private let demo: ShortDemo

    init() throws { demo = try ShortDemo() }

    private func replay(_ arguments: [String]) throws -> Replay {
        let scratch = try ScratchFolder()
        let (results, summary) = (scratch.path("r.jsonl"), scratch.path("s.json"))
        let run = try HeedProcess.run(
            ["replay"] + arguments + ["--profile", TestProfile.path, "--results", results, "--summary", summary])
        #expect(run.status == 0, "\(run.errors)")
        let lines = try String(contentsOfFile: results, encoding: .utf8).split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: summary))
        let keys = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        return Replay(summary: keys, lines: lines)
    }

    @Test func everySampleOfTheDemoHasOneLineAndOneOutcome() throws {
        let replay = try replay([demo.path, "--pace", "fast", "--deadline", "2s"])
        #expect(replay.samples == ShortDemo.frames)
        #expect(replay.outcomes.values.reduce(0, +) == replay.samples)
        #expect(Set(replay.outcomes.keys) == ["met", "late", "expired", "superseded", "lost", "failed"])
        #expect(replay.lines.map { $0["sequence"] as? Int } == (0..<replay.samples).map { $0 })
        #expect(replay.outcomes["failed"] == 0)
    }

    @Test func theSummaryAgreesWithItsLines() throws {
        let replay = try replay([demo.path, "--pace", "fast", "--deadline", "2s"])
        for (outcome, count) in replay.outcomes {
            #expect(replay.lines.filter { $0["outcome"] as? String == outcome }.count == count)
        }
        for (candidate, count) in replay.candidates {
            #expect(replay.lines.filter { $0["candidate"] as? String == candidate }.count == count)
        }
        let right = replay.lines.filter { line in
            let top = line["top"] as? [[String: Any]]
            let truth = line["truth"] as? [String: Any]
            return (top?.first?["class"] as? Int).map { $0 == truth?["class"] as? Int } ?? false
        }
        let accuracy = try #require(replay.summary["accuracy"] as? [String: Any])
        let top1 = try #require(accuracy["top1"] as? Double)
        #expect(accuracy["labelled"] as? Int == replay.samples)
        #expect(abs(top1 - Double(right.count) / Double(replay.samples)) < 1e-9)
        #expect(top1 > 0.5)
    }

    @Test func theSummaryHasItsStableKeys() throws {
        let summary = try replay([demo.path, "--pace", "fast", "--recognizer", "efficientnet-lite0-int8"]).summary
        let inner = { (key: String) in Set((summary[key] as? [String: Any] ?? [:]).keys) }
        #expect(inner("latency_ms") == ["p50", "p95", "p99", "max"])
        #expect(inner("overhead_ms") == ["p50", "p95", "p99"])
        #expect(inner("scheduler_us") == ["p50", "p99"])
        #expect(inner("accuracy").isSuperset(of: ["top1", "top5", "labelled"]))
        #expect(inner("energy_j") == ["total", "per_sample", "mean_w", "source", "by_source"])
        #expect(summary["deadline_ms"] as? Double == 100)
        #expect(summary["policy"] as? String == "alert")
    }

    @Test func aRecognizerThatIsNamedIsTheOnlyOneChosen() throws {
        let replay = try replay([demo.path, "--pace", "fast", "--recognizer", "efficientnet-lite1-fp32"])
        #expect(replay.candidates.keys.allSatisfy { $0.hasPrefix("efficientnet-lite1-fp32@") })
        #expect(replay.candidates.values.reduce(0, +) == replay.samples - (replay.outcomes["expired"] ?? 0))
    }

    @Test func aTightDeadlineMovesTheChoiceToSmallerRecognizersAndALooseOneToLarger() throws {
        let fastest = try replay([demo.path, "--pace", "fast", "--policy", "fastest", "--deadline", "2s"])
        let times = fastest.lines.compactMap { $0["latency_ms"] as? Double }.sorted()
        // What the quickest recogniser needs nearly always, here and now: too little for the larger ones.
        let tightDeadline = times[times.count * 9 / 10]
        let tight = try replay([demo.path, "--pace", "fast", "--deadline", "\(tightDeadline)ms"])
        let loose = try replay([demo.path, "--pace", "fast", "--deadline", "10s"])
        #expect(share(of: "efficientnet-lite0-", in: tight) > share(of: "efficientnet-lite0-", in: loose))
        #expect(share(of: "efficientnet-lite2-", in: tight) < share(of: "efficientnet-lite2-", in: loose))
        #expect(share(of: "efficientnet-lite2-", in: loose) > 0.9)
    }

    @Test func savingEnergyChoosesALessCostlyRecognizerThanAvoidingErrors() throws {
        let saving = try replay(
            [demo.path, "--pace", "fast", "--deadline", "10s", "--minimize", "energy", "--accuracy", "0.5"])
        let careful = try replay([demo.path, "--pace", "fast", "--deadline", "10s"])
        #expect(share(of: "efficientnet-lite0-", in: saving) > 0.9)
        let energy = { (replay: Replay) in
            (replay.summary["energy_j"] as? [String: Any])?["per_sample"] as? Double ?? .nan
        }
        #expect(energy(saving) < energy(careful))
    }

    @Test func underOverloadInRealTimeNewerSamplesTakeThePlaceOfOlderOnesAndAllAreCounted() throws {
        let replay = try replay([demo.path, "--rate", "1000", "--deadline", "30ms"])
        #expect(replay.outcomes.values.reduce(0, +) == ShortDemo.frames)
        #expect(replay.lines.count == ShortDemo.frames)
        #expect(Set(replay.lines.compactMap { $0["sequence"] as? Int }).count == ShortDemo.frames)
        #expect(replay.outcomes["superseded"] ?? 0 > 0)
    }

    @Test func everyLineSaysWhyInWords() throws {
        let replay = try replay([demo.path, "--pace", "fast", "--deadline", "2s"])
        for line in replay.lines {
            let reason = try #require(line["reason"] as? String)
            #expect(reason.hasPrefix("efficientnet-lite"))
        }
    }

    private func share(of prefix: String, in replay: Replay) -> Double {
        let chosen = replay.candidates.filter { $0.key.hasPrefix(prefix) }.values.reduce(0, +)
        return Double(chosen) / Double(max(1, replay.candidates.values.reduce(0, +)))
    }
}
