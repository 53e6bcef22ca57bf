import Foundation
import Testing

/// Captions of recorded speech through the real executable, with the real models.
@Suite(.serialized, .enabled(if: SpokenFiles.isPossible && Installed.isComplete, SpokenFiles.missing))
struct ReplaySpeechTests {
    private func replay(_ arguments: [String]) throws -> HeedProcess.Result {
        try HeedProcess.run(["replay"] + arguments + ["--profile", TestProfile.path])
    }

    private func object(_ path: String) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) as? [String: Any])
    }

    @Test func soundBecomesCaptionsWithTheirFigures() throws {
        let files = try SpokenFiles()
        let path = try files.make("", "a.wav")
        try SpokenFiles.words.write(toFile: files.folder.path("a.words.txt"), atomically: true, encoding: .utf8)
        let run = try replay([
            path, "--recognizer", "moonshine-tiny", "--results", files.folder.path("r.jsonl"),
            "--summary", files.folder.path("s.json"), "--captions", files.folder.path("c.vtt"),
            "--captions", files.folder.path("c.txt"),
        ])
        #expect(run.status == 0, "\(run.errors)")

        let summary = try object(files.folder.path("s.json"))
        let errors = try #require(summary["wer"] as? [String: Any])
        #expect(errors["words"] as? Int == 16)
        #expect((errors["value"] as? Double ?? 1) < 0.13)
        let lag = try #require(summary["lag_ms"] as? [String: [String: Double]])
        #expect(Set(lag.keys) == ["first_partial", "committed", "final"])
        #expect(lag.values.allSatisfy { Set($0.keys) == ["p50", "p95"] })
        #expect((summary["speech_seconds"] as? Double ?? 0) > 3)
        #expect((summary["rtf"] as? Double ?? 0) > 0)

        let lines = try files.lines("r.jsonl")
        #expect(lines.count == summary["samples"] as? Int)
        #expect(lines.allSatisfy { $0["stream"] as? String == "speech" && $0["reason"] as? String != "" })
        #expect(lines.contains { $0["kind"] as? String == "partial" && $0["unconfirmed"] != nil })
        let finals = lines.filter { $0["kind"] as? String == "final" }.compactMap { $0["text"] as? String }
        #expect(!finals.isEmpty)
        // What is committed step by step, shown, and written to the caption files is the same text.
        let committed = lines.flatMap { $0["committed"] as? [[String: Any]] ?? [] }.compactMap { $0["text"] as? String }
        let text = SpokenFiles.plain(finals.joined(separator: " "))
        #expect(SpokenFiles.plain(committed.joined(separator: " ")) == text)
        #expect(SpokenFiles.plain(try files.read("c.txt")) == text)
        #expect(try files.read("c.vtt").hasPrefix("WEBVTT\n"))
        for final in finals { #expect(run.output.contains(final)) }
    }

    @Test func framesAndSpeechOfOneRecordingShareATimelineAndASummary() throws {
        let files = try SpokenFiles()
        let sound = try files.make("", "a.wav")
        let path = files.folder.path("both.mkv")
        try files.ffmpeg([
            "-i", Installed.demo, "-i", sound, "-map", "0:v", "-map", "1:a", "-c", "copy", "-t", "5", path,
        ])
        let run = try replay([
            path, "--recognizer", "efficientnet-lite0-int8", "--recognizer", "moonshine-tiny", "--results",
            files.folder.path("r.jsonl"), "--summary",
            files.folder.path("s.json"),
        ])
        #expect(run.status == 0, "\(run.errors)")
        let summary = try object(files.folder.path("s.json"))
        let streams = try #require(summary["streams"] as? [String: [String: Any]])
        #expect(Set(streams.keys) == ["frames", "speech"])
        let lines = try files.lines("r.jsonl")
        for (name, stream) in streams {
            let own = lines.filter { $0["stream"] as? String == name }
            #expect(own.count == stream["samples"] as? Int && !own.isEmpty)
            #expect(own.compactMap { $0["sequence"] as? Int } == Array(0..<own.count))
        }
        #expect(lines.count == summary["samples"] as? Int)
        let outcomes = try #require(summary["outcomes"] as? [String: Int])
        #expect(outcomes.values.reduce(0, +) == lines.count)
        #expect(summary["lag_ms"] != nil && summary["rtf"] != nil)
    }

    @Test func namingRecognisersOfOneKindLeavesTheOtherStreamOut() throws {
        let files = try SpokenFiles()
        let sound = try files.make("", "a.wav")
        let path = files.folder.path("both.mkv")
        try files.ffmpeg([
            "-i", Installed.demo, "-i", sound, "-map", "0:v", "-map", "1:a", "-c", "copy", "-t", "5", path,
        ])
        for (recognizer, stream) in [("efficientnet-lite0-int8", "frames"), ("moonshine-tiny", "speech")] {
            let results = files.folder.path("\(stream).jsonl")
            let run = try replay([path, "--pace", "fast", "--recognizer", recognizer, "--results", results])
            #expect(run.status == 0, "\(run.errors)")
            let lines = try files.lines("\(stream).jsonl")
            #expect(!lines.isEmpty && lines.allSatisfy { $0["stream"] as? String == stream })
        }
    }

    @Test func lostSoundIsAGapInTheCaptionsNotSilence() throws {
        let files = try SpokenFiles()
        let sound = try files.make("", "a.wav")
        let path = files.folder.path("gap.mkv")
        // Two seconds from the third on are missing: later packets keep their times.
        try files.ffmpeg(["-i", sound, "-af", "asetpts=PTS+gte(T\\,2)*2/TB", "-c:a", "pcm_s16le", path])
        let run = try replay([path, "--recognizer", "moonshine-tiny", "--results", files.folder.path("r.jsonl")])
        #expect(run.status == 0, "\(run.errors)")
        let gap = try #require(try files.lines("r.jsonl").first { $0["outcome"] as? String == "lost" })
        #expect(gap["kind"] as? String == "gap")
        let length = try #require(gap["end"] as? Double) - #require(gap["start"] as? Double)
        #expect(abs(length - 2) < 0.1)
        #expect(run.output.contains("[gap 2.0 s]"))
    }

    @Test(arguments: [
        (["--stream", "speech", "--recognizer", "moonshine-tiny"], "has no sound"),
        (["--stream", "sound"], "stream"), (["--captions", "c.vtt"], "there is no speech to write captions of"),
        (["--reference", "/nowhere/text.txt"], "/nowhere/text.txt"),
        (["--recognizer", "moonshine-tini"], "did you mean `moonshine-tiny`"),
        (["--recognizer", "silero-vad"], "recognises neither pictures nor speech"),
        (["--captions", "c.vtt", "--captions", "./c.vtt"], "each needs a file of its own"),
        (["--stream", "frames", "--captions", "/dev/null.vtt"], "/dev/null.vtt"),
        (["--caption-deadline", "0ms"], "above 0"),
    ])
    func whatCannotBeDoneIsOneClearError(arguments: [String], message: String) throws {
        let files = try SpokenFiles()
        let path = files.folder.path("silent.mkv")
        try files.ffmpeg(["-i", Installed.demo, "-map", "0:v", "-c", "copy", "-t", "1", path])
        let run = try replay(
            [path] + arguments.map { $0 == "c.doc" ? files.folder.path("c.doc") : $0 })
        #expect(run.status != 0)
        #expect(run.errors.contains(message), "\(run.errors)")
        #expect(!run.errors.contains("Fatal"))
    }

    @Test func aLanguageOrAFormatThatNobodyKnowsIsOneClearError() throws {
        let files = try SpokenFiles()
        let path = try files.make("", "a.wav")
        let run = try replay([path, "--language", "xx"])
        #expect(run.status != 0)
        #expect(run.errors.contains("`xx`"))
        let other = try replay([path, "--recognizer", "moonshine-tiny", "--captions", files.folder.path("c.doc")])
        #expect(other.status != 0)
        #expect(other.errors.contains("end the file's name with one of them"))
    }
}
