import ArgumentParser
import CRunClock
import Media
import Pipelines
import Recognition
import Recordings
import Units

/// Times what `heed transcribe` does with a clip, from its first block of sound to its last word.
struct SpeechCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "speech", abstract: "Transcribe clips, one a line, and time the pieces of the work.")

    @Argument(help: "The recogniser's name.")
    var recognizer: String

    @Option(help: "Threads that recognise.")
    var threads = 2

    @OptionGroup var options: ProcessorOptions

    /// What a clip took; times in nanoseconds.
    private struct Answer: Encodable {
        var text = ""
        /// From the first block of sound to the end of the work.
        var all: Int64 = 0
        /// Decoding the utterances, which begins when their sound has ended.
        var final: Int64 = 0
        /// What the recogniser says of its parts: what is in ONNX Runtime, and what is around it.
        var encoder: Int64 = 0
        var decoder: Int64 = 0
        /// Inside ONNX Runtime.
        var voiceRuns: Int64 = 0
        var encoderRuns: Int64 = 0
        var decoderRuns: Int64 = 0
    }

    func run() throws {
        let library = DataFolder.libraries + "/libonnxruntime.so"
        // Before heed opens the library, for it takes a copy of the library's functions.
        if let reason = heed_bench_clock_runs(library) {
            throw ValidationError("\(library): its runs cannot be clocked: \(String(cString: reason))")
        }
        let runtime = try OnnxRuntime.load(path: library)
        let bundles = try SpeechBundles()
        let recognizer = TimedRecognizer(
            try bundles.recognizer(
                named: recognizer, language: "en", runtime: runtime, options: options.session(threads: threads)))
        let transcriber = Transcriber(recognizer: recognizer, detector: try bundles.detector(runtime: runtime))
        try Lines.serve { try transcribe($0, transcriber, recognizer) }
    }

    private func transcribe(
        _ clip: String, _ transcriber: Transcriber, _ recognizer: TimedRecognizer
    ) throws -> Answer {
        let recording = try AudioRecording.open(clip)
        var blocks: [AudioBlock] = []
        while let block = try recording.next() { blocks.append(block) }

        var answer = Answer()
        var texts: [String] = []
        func receive(_ event: Transcriber.Event) {
            guard case .utterance(let utterance) = event else { return }
            texts.append(utterance.text)
            answer.final += utterance.decoding.nanoseconds
        }
        recognizer.timings = .init(encoder: .zero, decoder: .zero)
        let before = Runs()
        let start = MonotonicTime.now()
        for block in blocks { try transcriber.append(block, receive) }
        try transcriber.finish(receive)
        answer.all = (MonotonicTime.now() - start).nanoseconds
        let after = Runs()

        answer.text = texts.joined(separator: " ")
        answer.encoder = recognizer.timings.encoder.nanoseconds
        answer.decoder = recognizer.timings.decoder.nanoseconds
        answer.voiceRuns = after.voice - before.voice
        answer.encoderRuns = after.encoder - before.encoder
        answer.decoderRuns = after.decoder - before.decoder
        return answer
    }
}

/// The nanoseconds inside ONNX Runtime so far, told apart by what the graphs call their first input.
private struct Runs {
    let voice = heed_bench_run_nanoseconds("input")
    let encoder = heed_bench_run_nanoseconds("samples")
    let decoder = heed_bench_run_nanoseconds("tokens")
}

/// A recogniser that adds up what its parts take.
private final class TimedRecognizer: SpeechRecognizer {
    var timings = Transcription.Timings(encoder: .zero, decoder: .zero)
    private let recognizer: any SpeechRecognizer

    init(_ recognizer: any SpeechRecognizer) { self.recognizer = recognizer }

    var name: String { recognizer.name }

    func transcribe(
        _ samples: UnsafeBufferPointer<Float>, options: TranscriptionOptions
    ) throws(RecognitionError) -> Transcription {
        let transcription = try recognizer.transcribe(samples, options: options)
        timings.encoder += transcription.timings.encoder
        timings.decoder += transcription.timings.decoder
        return transcription
    }
}
