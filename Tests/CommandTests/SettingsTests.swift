import Foundation
import Testing

/// Processors, precisions and threads, as a user asks for them.
@Suite(.serialized, .enabled(if: Installed.isComplete, Installed.missing))
struct SettingsTests {
    private static let hasNVIDIA = FileManager.default.fileExists(atPath: "/proc/driver/nvidia/version")
    private static let skipped: Comment = "skipped: there is an NVIDIA driver here, so CUDA may not be missing"

    @Test(arguments: [
        (["--processors", "openvio"], "did you mean `openvino`?"), (["--precision", "fp32,bf61"], "bf16"),
        (["--threads", "1,0"], "from 1 to 256"), (["--settings", "atuo"], "auto"),
        (["--precision", "fp16"], "cpu: does not compute in fp16"),
    ])
    func aSlipInASettingIsToldWithWhatWasMeant(arguments: [String], word: String) throws {
        let run = try HeedProcess.run(["replay", Installed.demo] + arguments)
        #expect(run.status != 0)
        #expect(run.errors.contains(word), "\(run.errors)")
    }

    @Test(.disabled(if: hasNVIDIA, skipped)) func aProcessorThatIsNotHereIsAnErrorWhereItIsTheOnlyOne() throws {
        let run = try HeedProcess.run(["replay", Installed.demo, "--processors", "cuda"])
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("Error: cuda: "), "\(run.errors)")
    }

    @Test(.disabled(if: hasNVIDIA, skipped)) func aSecondChoiceIsSaidOnceAndCarriedByEveryResult() throws {
        let demo = try ShortDemo()
        let scratch = try ScratchFolder()
        let (results, summary) = (scratch.path("r.jsonl"), scratch.path("s.json"))
        let run = try HeedProcess.run([
            "replay", demo.path, "--pace", "fast", "--processors", "cuda,cpu", "--recognizer",
            "efficientnet-lite0-int8", "--profile", TestProfile.path, "--results", results, "--summary", summary,
        ])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.components(separatedBy: "cuda is left out: ").count == 2, "\(run.errors)")
        #expect(run.output.contains("left out"))
        let lines = try String(contentsOfFile: results, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == ShortDemo.frames)
        for line in lines {
            let keys = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect((keys?["fallback"] as? String)?.hasPrefix("cuda: ") == true)
        }
        let keys = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: summary)))
        #expect(((keys as? [String: Any])?["fallback"] as? String)?.hasPrefix("cuda: ") == true)
    }

    @Test func aQuickProfileMarksWhatItEstimatesAndSaysHowWell() throws {
        let scratch = try ScratchFolder()
        let path = scratch.path("p.json")
        let run = try HeedProcess.run([
            "profile", "--quick", "--threads", "1,2,3", "--recognizer", "efficientnet-lite0-int8", "--recognizer",
            "efficientnet-lite1-int8", "--recognizer", "efficientnet-lite2-int8", "--profile", path,
        ])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("~ is estimated, and may be off by "), "\(run.output)")
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let profile = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let candidates = try #require(profile["candidates"] as? [[String: Any]])
        #expect(profile["format"] as? String == "heed-profile/2")
        #expect(candidates.count == 9)
        #expect(candidates.count { $0["measured"] as? Bool == false } == 2)
        #expect(run.output.split(separator: "\n").count { $0.contains("  ~") } == 2, "\(run.output)")
    }
}
