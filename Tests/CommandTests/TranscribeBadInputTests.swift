import Foundation
import Testing

/// Bad input to `heed transcribe` ends in the good part and one clear error.
@Suite(.serialized, .enabled(if: SpokenFiles.isPossible, SpokenFiles.missing))
struct TranscribeBadInputTests {
    private func expectError(
        _ arguments: [String], says words: [String], at location: SourceLocation = #_sourceLocation
    ) throws {
        let run = try HeedProcess.run(["transcribe"] + arguments)
        #expect(run.status != 0, sourceLocation: location)
        for word in words { #expect(run.errors.contains(word), "\(run.errors)", sourceLocation: location) }
    }

    @Test func aFileWithoutSoundIsNamedWithWhatItHas() throws {
        let files = try SpokenFiles()
        try expectError(
            [try files.make(source: "testsrc2=d=1:s=64x48", "v.mkv")], says: ["v.mkv: has no sound, only video"])
        #expect(!FileManager.default.fileExists(atPath: files.folder.path("v.txt")))
    }

    @Test func filesThatFailAreNamedAndTheOthersAreTranscribed() throws {
        let files = try SpokenFiles()
        let good = try files.make("", "good.wav")
        let text = try files.folder.write("words, not sound\n", to: "notes.wav")
        let run = try HeedProcess.run(["transcribe", files.folder.path("none.wav"), text, good])
        #expect(run.status == 1)
        #expect(SpokenFiles.plain(run.output) == SpokenFiles.words)
        for word in ["none.wav", "notes.wav", "2 of 3 files failed"] {
            #expect(run.errors.contains(word), "\(run.errors)")
        }
    }

    @Test func aTruncatedFileGivesTheWordsUpToItsEndAndThenAnError() throws {
        let files = try SpokenFiles()
        let whole = try Data(contentsOf: URL(fileURLWithPath: try files.make("-ar 16000", "whole.wav")))
        let cut = files.folder.path("cut.wav")
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: cut))
        let run = try HeedProcess.run(["transcribe", cut, "--to", "txt"])
        #expect(run.status == 1)
        #expect(SpokenFiles.plain(run.output).hasPrefix("the weather is fine today"), "\(run.output)")
        #expect(try files.read("cut.txt") == run.output)
        #expect(run.errors.contains("truncated"), "\(run.errors)")
    }

    @Test func aLanguageOrRecognizerThatIsNotThereIsNamed() throws {
        let path = try SpokenFiles().make("", "a.wav")
        try expectError(
            [path, "--recognizer", "moonshine-tny"], says: ["moonshine-tny", "did you mean `moonshine-tiny`"])
        try expectError(
            [path, "--recognizer", "moonshine-tiny", "--language", "de"], says: ["moonshine-tiny", "`de`"])
        try expectError([path, "--language", "xx"], says: ["`xx`", "installed are"])
        try expectError([path, "--threads", "0"], says: ["--threads 0"])
        try expectError([path, "--reference", "/nowhere.txt"], says: ["/nowhere.txt"])
    }

    @Test func nothingThatIsReadOrWrittenTwiceIsOverwritten() throws {
        let files = try SpokenFiles()
        let path = try files.make("", "a.wav")
        let other = try files.make("-c:a flac", "a.flac")
        try expectError([path, other, "--to", "txt"], says: ["a.txt", "two files"])
        let reference = try files.folder.write("words", to: "a.txt")
        try expectError([path, "--reference", reference, "--to", "txt"], says: ["a.txt", "would be overwritten"])
        #expect(try files.read("a.txt") == "words")
    }

    @Test func aFullDiskIsNamed() throws {
        let files = try SpokenFiles()
        let path = try files.make("", "a.wav")
        try FileManager.default.createSymbolicLink(
            atPath: files.folder.path("a.srt"), withDestinationPath: "/dev/full")
        try expectError([path, "--to", "srt"], says: ["a.srt", "No space left on device", "--output-folder"])
    }

    @Test func aFullDiskUnderStandardOutputIsNamedInOneLine() throws {
        let files = try SpokenFiles()
        let run = try HeedProcess.run(["transcribe", try files.make("", "a.wav")], outputTo: "/dev/full")
        #expect(run.status == 1)
        let errors = run.errors.split(separator: "\n").filter { $0.hasPrefix("Error: ") }
        let reason = "standard output: No space left on device; the text could not be written there"
        #expect(errors == ["Error: \(reason)"], "\(run.errors)")
    }
}
