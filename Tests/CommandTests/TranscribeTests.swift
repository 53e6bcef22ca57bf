import Foundation
import Testing

/// Speech through the real executable, with the real models.
@Suite(.serialized, .enabled(if: SpokenFiles.isPossible, SpokenFiles.missing))
struct TranscribeTests {
    @Test(arguments: SpokenFiles.recognizers)
    func speechBecomesTextOnStandardOutput(recognizer: String) throws {
        let files = try SpokenFiles()
        let run = try HeedProcess.run(["transcribe", try files.make("", "a.wav"), "--recognizer", recognizer])
        #expect(run.status == 0, "\(run.errors)")
        #expect(SpokenFiles.plain(run.output) == SpokenFiles.words)
        #expect(run.errors.contains(recognizer))
    }

    @Test(arguments: [
        ("-ar 8000 -c:a pcm_mulaw", "telephone.wav"), ("-ar 48000 -ac 6 -c:a flac", "surround.mkv"),
        ("-ar 44100 -ac 2 -b:a 96k", "music.mp3"), ("-c:a aac", "phone.m4a"), ("-c:a pcm_f32le", "float.wav"),
    ])
    func anyRateCodecAndNumberOfChannelsIsUnderstood(options: String, name: String) throws {
        let files = try SpokenFiles()
        let run = try HeedProcess.run(
            ["transcribe", try files.make(options, name), "--recognizer", "whisper-tiny.en-int8"])
        #expect(run.status == 0, "\(run.errors)")
        // On the telephone the first words are hard to tell.
        #expect(
            SpokenFiles.plain(run.output).hasSuffix("fine today we will walk to the river and come back before dinner"))
    }

    @Test func theSoundOfAVideoIsTranscribedWithTheVideosTimes() throws {
        let files = try SpokenFiles()
        let sound = try files.make("", "a.wav")
        try files.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=d=12:r=5:s=64x48", "-itsoffset", "5", "-i", sound, "-c:a", "pcm_s16le",
            files.folder.path("v.mkv"),
        ])
        let run = try HeedProcess.run(["transcribe", files.folder.path("v.mkv"), "--to", "jsonl"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(SpokenFiles.plain(run.output) == SpokenFiles.words)
        let start = try #require(try files.lines("v.jsonl").first?["start"] as? Double)
        #expect(start >= 4.99 && start < 5.5)
    }

    @Test(arguments: SpokenFiles.recognizers)
    func everyFormatIsWrittenBesideTheFile(recognizer: String) throws {
        let files = try SpokenFiles()
        let path = try files.make("", "a.wav")
        let run = try HeedProcess.run(
            ["transcribe", path, "--recognizer", recognizer] + ["txt", "vtt", "srt", "jsonl"].flatMap { ["--to", $0] })
        #expect(run.status == 0, "\(run.errors)")
        #expect(try files.read("a.txt") == run.output)
        #expect(try files.read("a.vtt").hasPrefix("WEBVTT\n"))
        #expect(try files.read("a.vtt").contains(" --> "))
        #expect(try files.read("a.srt").hasPrefix("1\n00:00:0"))
        let lines = try files.lines("a.jsonl")
        #expect(!lines.isEmpty)
        var last = 0.0
        for line in lines {
            let start = try #require(line["start"] as? Double)
            let end = try #require(line["end"] as? Double)
            #expect(line["recognizer"] as? String == recognizer)
            let decoding = try #require(line["decoding_seconds"] as? Double)
            #expect(decoding > 0)
            let words = try #require(line["words"] as? [[String: Any]])
            #expect(words.compactMap { $0["text"] as? String }.joined(separator: " ") == line["text"] as? String)
            last = max(last, start)
            for word in words {
                let (from, to) = (try #require(word["start"] as? Double), try #require(word["end"] as? Double))
                #expect(from >= last - 0.001 && to >= from && to <= end + 0.001, "\(word)")
                #expect(word["approximate"] as? Bool != nil)
                last = from
            }
        }
    }

    @Test(arguments: [
        "anullsrc=d=60:r=16000:cl=mono", "anoisesrc=d=60:r=16000:a=0.5", "anoisesrc=d=60:r=16000:a=0.3:color=brown",
        "aevalsrc=0.2*sin(2*PI*t*(220+55*floor(mod(t*3\\,7))))+0.15*sin(2*PI*t*(330+82*floor(mod(t*2\\,5)))):d=60",
        "sine=d=0.01:r=16000",
    ])
    func whereNobodySpeaksThereAreNoWords(source: String) throws {
        let files = try SpokenFiles()
        let path = try files.make(source: source, "a.wav")
        for recognizer in SpokenFiles.recognizers {
            let run = try HeedProcess.run(["transcribe", path, "--recognizer", recognizer, "--to", "jsonl"])
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.isEmpty)
            #expect(try files.lines("a.jsonl").allSatisfy { ($0["words"] as? [Any])?.isEmpty == true })
        }
    }

    @Test func samplesThatAreNoNumbersAreCountedAndTheRestIsUnderstood() throws {
        let files = try SpokenFiles()
        let path = try files.make("-ar 16000 -c:a pcm_f32le -map_metadata -1 -fflags +bitexact", "a.wav")
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        for index in [4_000, 40_000] {
            data.replaceSubrange(index..<index + 4, with: withUnsafeBytes(of: Float.nan.bitPattern) { Data($0) })
        }
        try data.write(to: URL(fileURLWithPath: path))
        let run = try HeedProcess.run(["transcribe", path])
        #expect(run.status == 0, "\(run.errors)")
        #expect(SpokenFiles.plain(run.output) == SpokenFiles.words)
        #expect(run.errors.contains("no number"))
    }

    @Test(arguments: SpokenFiles.recognizers)
    func aMinuteWithoutAPauseIsCutAndUnderstood(recognizer: String) throws {
        let files = try SpokenFiles()
        let text = try files.folder.write(SpokenFiles.story, to: "story.txt")
        let path = files.folder.path("story.wav")
        try files.ffmpeg([
            "-f", "lavfi", "-i", "flite=textfile=\(text):voice=slt", "-af",
            "silenceremove=stop_periods=-1:stop_duration=0.05:stop_threshold=-40dB", path,
        ])
        let run = try HeedProcess.run([
            "transcribe", path, "--recognizer", recognizer, "--to", "jsonl", "--reference", text,
        ])
        #expect(run.status == 0, "\(run.errors)")
        let lines = try files.lines("story.jsonl")
        #expect(lines.count > 1)
        #expect(lines.allSatisfy { $0["gate"] == nil })
        for line in lines {
            let (start, end) = (try #require(line["start"] as? Double), try #require(line["end"] as? Double))
            #expect(end - start <= 28.1)
        }
        let rate = try #require(run.output.firstMatch(of: /word error rate: ([0-9.]+) %/)?.1)
        let percent = try #require(Double(rate))
        #expect(percent < 15, "\(run.output)")
    }

    @Test func missingSoundIsShownAsAGap() throws {
        let files = try SpokenFiles()
        let sound = try files.make("-ar 16000", "a.wav")
        try files.ffmpeg([
            "-i", sound, "-af", "aselect='not(between(t,1.5,3))'", "-c:a", "pcm_s16le",
            files.folder.path("gap.mkv"),
        ])
        let run = try HeedProcess.run(["transcribe", files.folder.path("gap.mkv"), "--to", "jsonl"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("[gap 1.5 s]"), "\(run.output)")
        #expect(try files.lines("gap.jsonl").contains { $0["gap"] as? Bool == true })
    }

    @Test func aReferenceGivesTheWordErrorRateOfAllFiles() throws {
        let files = try SpokenFiles()
        let path = try files.make("", "a.wav")
        let other = try files.make("-ar 8000", "b.wav")
        let text = try files.folder.write("\(SpokenFiles.words) \(SpokenFiles.words) indeed", to: "reference.txt")
        let run = try HeedProcess.run([
            "transcribe", path, other, "--reference", text, "--recognizer", "whisper-tiny.en-int8",
        ])
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.output.contains("word error rate: 3.0 % (0 wrong, 1 missing, 0 too many, of 33 words)"), "\(run.output)"
        )
    }
}
