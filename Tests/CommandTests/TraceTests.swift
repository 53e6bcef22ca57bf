import Alert
import Foundation
import Testing
import Traces

@Suite(.enabled(if: Installed.isComplete, Installed.missing)) struct TraceTests {
    private func trace(_ recording: String, to output: String, _ options: [String]) throws -> HeedProcess.Result {
        try HeedProcess.run(
            [
                "trace", recording, "--output", output, "--profile", TestProfile.path, "--recognizer",
                "efficientnet-lite0-int8", "--recognizer", "efficientnet-lite2-int8", "--threads", "1", "--every", "10",
            ] + options)
    }

    @Test func aTraceHoldsWhatEveryCandidateTookAndGaveAndGoesOnWhereItWasLeft() throws {
        let (demo, scratch) = (try ShortDemo(), try ScratchFolder())
        let output = scratch.path("demo.heedtrace")
        let begun = try trace(demo.path, to: output, ["--samples", "4"])
        #expect(begun.status == 0, "\(begun.errors)")
        let part = try Trace(contentsOf: output)
        #expect(part.count == 4)

        let resumed = try trace(demo.path, to: output, [])
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(resumed.errors.contains("goes on after 4 samples"))
        let whole = try Trace(contentsOf: output)
        #expect(whole.count == 9)
        #expect((0..<4).allSatisfy { whole[$0] == part[$0] })
        #expect(whole.header == part.header)

        #expect((whole.header.origin, whole.header.environment) == (.measured, "idle"))
        #expect(whole.header.source == "short.mkv, one frame of 10")
        let names = whole.header.profile.candidates.map(\.candidate.recognizer)
        #expect(Set(names) == ["efficientnet-lite0-int8", "efficientnet-lite2-int8"])
        let answers = (0..<9).flatMap { whole[$0].answers.flatMap(\.self) }
        #expect(answers.allSatisfy { $0.time > 0 && $0.energy > 0 })
        #expect(answers.allSatisfy { ($0.confidence ?? -1) > 0 })
        // The first five seconds show an espresso, which all know.
        #expect(answers.map(\.quality).reduce(0, +) > Double(answers.count) / 2)
    }

    @Test func coRunnersRunBesideItAndAreGoneAfterwards() throws {
        let (demo, scratch) = (try ShortDemo(), try ScratchFolder())
        let run = try trace(
            demo.path, to: scratch.path("c.heedtrace"), ["--samples", "2", "--environment", "compute"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("2 samples of compute, energy"))
        #expect(try Trace(contentsOf: scratch.path("c.heedtrace")).header.environment == "compute")
    }

    @Test func whatIsThereAlreadyIsNotOverwritten() throws {
        let (demo, scratch) = (try ShortDemo(), try ScratchFolder())
        let output = scratch.path("t.heedtrace")
        #expect(try trace(demo.path, to: output, ["--samples", "1"]).status == 0)
        let other = try trace(demo.path, to: output, ["--environment", "memory"])
        #expect(other.status != 0)
        #expect(other.errors.contains("is a trace already, with another environment (idle)"), "\(other.errors)")

        let note = try scratch.write("no trace at all, only a note", to: "note.txt")
        let onNote = try trace(demo.path, to: note, [])
        #expect(onNote.status != 0)
        #expect(onNote.errors.contains("is no trace"), "\(onNote.errors)")
        #expect(try String(contentsOfFile: note, encoding: .utf8) == "no trace at all, only a note")
    }

    @Test func aDamagedTraceIsNotGoneOnWith() throws {
        let (demo, scratch) = (try ShortDemo(), try ScratchFolder())
        let output = scratch.path("t.heedtrace")
        #expect(try trace(demo.path, to: output, ["--samples", "3"]).status == 0)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: output))
        bytes[40] ^= 1
        try bytes.write(to: URL(fileURLWithPath: output))
        let run = try trace(demo.path, to: output, [])
        #expect(run.status != 0)
        #expect(run.errors.contains("its header is not what was written"), "\(run.errors)")
    }

    @Test func framesWithoutLabelsMakeNoTrace() throws {
        let (demo, scratch) = (try ShortDemo(), try ScratchFolder())
        try FileManager.default.copyItem(atPath: demo.path, toPath: scratch.path("bare.mkv"))
        let run = try trace(scratch.path("bare.mkv"), to: scratch.path("t.heedtrace"), [])
        #expect(run.status != 0)
        #expect(run.errors.contains("give frames labels"), "\(run.errors)")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("t.heedtrace")))
    }

    @Test(arguments: [
        (["--seed", "3"], "--seed goes with --environment changing"),
        (["--every", "0"], "--every 0: expected 1 or more"),
        (["--environment", "noisy"], "noisy"),
    ]) func badOptionsAreOneClearError(options: [String], message: String) throws {
        let run = try HeedProcess.run(["trace", "demo.mkv"] + options)
        #expect(run.status != 0)
        #expect(run.errors.contains(message), "\(run.errors)")
    }
}
