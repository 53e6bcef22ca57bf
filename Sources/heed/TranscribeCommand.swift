import ArgumentParser
import Captions
import Foundation
import Logging
import Machine
import Media
import Pipelines
import Recognition
import Recordings
import Synchronization
import Units

/// `heed transcribe`: turns recorded speech into text.
struct TranscribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transcribe",
        abstract: "Turn the speech of audio and video files into text.",
        discussion: """
            FILE is any audio or video file that FFmpeg's libraries read. The text goes to standard output as it \
            comes, a line an utterance; all else goes to standard error. Only what a voice activity detector takes for \
            speech is recognised, and a text that a recogniser made up over noise is left out; in JSON lines, `gate` \
            says why.

            Words within a segment that the recogniser timed, or within an utterance where it times none, are laid out \
            over what is voiced; such times are marked approximate.

            Examples:
              heed transcribe talk.mp3
              heed transcribe talk.mkv --to srt --to txt
              heed transcribe *.wav --to jsonl --output-folder transcripts/
              heed transcribe talk.wav --recognizer moonshine-tiny --threads 2 --reference talk.txt
            """)

    @Argument(help: "Audio or video files, transcribed one after the other.")
    var files: [String]

    @Option(
        name: .customLong("to"),
        help: "Also write FILE's transcript as txt, vtt, srt or jsonl, beside it; repeat for several.")
    var formats: [TranscriptFormat] = []

    @Option(help: "Where transcripts are written. Default: beside each file.")
    var outputFolder: String?

    @Option(help: "Who recognises. Default: the most accurate installed that keeps up with speech here.")
    var recognizer: String?

    @Option(help: "How many threads recognise, 1 to 256. Default: the number of cores.")
    var threads: Int?

    @Option(help: "The language that is spoken, by its two-letter code.")
    var language = "en"

    @Option(help: "A text of what is said in all files together; the word error rate is given at the end.")
    var reference: String?

    func validate() throws {
        if let threads, !(1...256).contains(threads) {
            throw ValidationError("--threads \(threads): expected a number from 1 to 256")
        }
    }

    func run() throws {
        let outputs = try files.map { try outputPaths(for: $0) }
        try refuseOverwriting(outputs.flatMap { $0 })
        let reference = try reference.map { try Self.text(at: $0) }
        let machine = try MachineDescription.current()
        let runtime = try OnnxRuntime.load()
        let bundles = try SpeechBundles()
        let threads = threads ?? machine.logicalCores
        if let advice = threadsAdvice(threads, cores: machine.logicalCores) { say(advice, .warning) }
        let detector = try bundles.detector(runtime: runtime)
        let sessions = SessionOptions(threads: threads)
        let speaker =
            try recognizer.map {
                try bundles.recognizer(named: $0, language: language, runtime: runtime, options: sessions)
            }
            ?? bundles.mostAccurate(language: language, runtime: runtime, options: sessions)
        say("recogniser: \(speaker.name), \(threads) \(threads == 1 ? "thread" : "threads")")
        var options = TranscriptionOptions()
        options.language = language
        let transcriber = Transcriber(recognizer: speaker, detector: detector, options: options)

        let isStopped = Flag()
        let interruption = Interruption { isStopped.set() }
        defer { interruption.end() }
        var failures = 0
        var text = ""
        for (file, outputs) in zip(files, outputs) where !isStopped.isSet {
            var transcription = FileTranscription(file: file, outputs: outputs, keepsText: reference != nil)
            do {
                try transcription.run(with: transcriber, isStopped: { isStopped.isSet })
            } catch let error as PipelinesError where error.code == .resultsNotWritten {
                throw error
            } catch {
                failures += 1
                say("\(error)", .error, ["recording": "\(file)"])
            }
            text += transcription.text
        }
        if let reference { try answer(Self.comparison(WordErrorRate(reference: reference, transcript: text))) }
        if interruption.happened { throw ExitCode(130) }
        if failures > 0 {
            if files.count > 1 { say("\(failures) of \(files.count) files failed") }
            throw ExitCode.failure
        }
    }

    /// Where the transcripts of a file go, by format.
    private func outputPaths(for file: String) throws -> [(format: TranscriptFormat, path: String)] {
        let input = URL(fileURLWithPath: file)
        let folder =
            outputFolder.map { URL(fileURLWithPath: $0, isDirectory: true) }
            ?? input.deletingLastPathComponent()
        let name = input.deletingPathExtension().lastPathComponent
        return TranscriptFormat.allCases.filter(formats.contains).map {
            ($0, folder.appendingPathComponent("\(name).\($0.rawValue)").path)
        }
    }

    private func refuseOverwriting(_ outputs: [(format: TranscriptFormat, path: String)]) throws {
        let inputs = Set(
            (files + [reference].compactMap { $0 }).map { URL(fileURLWithPath: $0).standardizedFileURL.path })
        var seen: Set<String> = []
        for (_, path) in outputs where !seen.insert(path).inserted || inputs.contains(path) {
            throw ValidationError(
                inputs.contains(path)
                    ? "\(path): is read, and would be overwritten; name another place with --output-folder"
                    : "\(path): two files would be written there; transcribe them apart, or into folders of their own")
        }
        if let outputFolder, !outputs.isEmpty {
            try FileManager.default.createDirectory(atPath: outputFolder, withIntermediateDirectories: true)
        }
    }

    private static func text(at path: String) throws -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ValidationError("--reference \(path): cannot be read as UTF-8 text: \(error.localizedDescription)")
        }
    }

    private static func comparison(_ rate: WordErrorRate) -> String {
        let value = rate.value.map { "\(($0 * 100).formatted(decimals: 1)) %" } ?? "none: the reference has no words"
        return "word error rate: \(value) (\(rate.substitutions) wrong, \(rate.deletions) missing, "
            + "\(rate.insertions) too many, of \(rate.words) words)"
    }
}

/// A flag that a signal handler's thread sets.
private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}
