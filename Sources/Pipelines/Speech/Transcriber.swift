public import Captions
public import Media
public import Recognition

/// Turns a stream of sound into words in time: voice activity, utterances, a recognizer, and the gates after it.
///
/// Belongs to one thread at a time, which it blocks while an utterance is decoded. Memory does not grow with the stream.
public final class Transcriber {
    /// What comes out, in order of time.
    public enum Event: Sendable, Hashable {
        /// An utterance was decoded.
        case utterance(TranscribedUtterance)
        /// Sound is missing in the stream: it was not transcribed, which is not the same as silence.
        case gap(Gap)
    }

    /// How the recognizer decodes.
    public var options: TranscriptionOptions
    /// What a text is judged by.
    public var gates = HypothesisGates()
    private let recognizer: any SpeechRecognizer
    private let finder: UtteranceFinder

    /// Makes a transcriber at the start of a stream; recognizer and detector belong to it from now on.
    public init(
        recognizer: any SpeechRecognizer, detector: VoiceActivityDetector,
        options: TranscriptionOptions = TranscriptionOptions(), segmentation: SpeechSegmenter.Configuration = .init()
    ) {
        self.recognizer = recognizer
        self.options = options
        finder = UtteranceFinder(detector: detector, configuration: segmentation)
    }

    /// Takes in the next block of sound, and reports what it completed; see ``UtteranceFinder/append(_:_:)``.
    ///
    /// Throws what `report` throws, and `RecognitionError` when the engine fails or the language is not known.
    public func append(_ block: AudioBlock, _ report: (Event) throws -> Void) throws {
        try finder.append(block) { try handle($0, report) }
    }

    /// Ends the stream, and reports what was still open. The next block begins another stream.
    public func finish(_ report: (Event) throws -> Void) throws {
        try finder.finish { try handle($0, report) }
    }

    private func handle(_ event: UtteranceFinder.Event, _ report: (Event) throws -> Void) throws {
        switch event {
        case .gap(let gap): try report(.gap(gap))
        case .utterance(let utterance): try report(.utterance(try transcribe(utterance)))
        }
    }

    /// Decodes one utterance and judges its text. Blocks.
    public func transcribe(_ utterance: Utterance) throws(RecognitionError) -> TranscribedUtterance {
        let begin = MonotonicTime.now()
        let transcription = try recognizer.transcribe(utterance.samples, options: options)
        let decoding = MonotonicTime.now() - begin
        let gate = gates.gate(
            for: .init(
                text: transcription.text, duration: utterance.end - utterance.start,
                noSpeechProbability: transcription.noSpeechProbability,
                averageLogProbability: transcription.averageLogProbability,
                compressionRatio: transcription.compressionRatio))
        return TranscribedUtterance(
            start: utterance.start, end: utterance.end, text: gate == nil ? transcription.text : "",
            words: gate == nil ? utterance.words(of: transcription) : [], recognizer: recognizer.name,
            decoding: decoding, logProbability: transcription.averageLogProbability, gate: gate,
            rejected: gate == nil ? nil : transcription.text)
    }
}
