public import Captions
public import Media
public import Recognition

/// Turns a stream of sound into words in time: voice activity, utterances, a recognizer, and the gates after it.
///
/// Belongs to one thread at a time, which it blocks while an utterance is decoded. Memory does not grow with the
/// stream.
public final class Transcriber {
    /// What comes out, in order of time.
    public enum Event: Sendable, Hashable {
        /// An utterance was decoded.
        case utterance(TranscribedUtterance)
        /// Sound is missing in the stream: it was not transcribed, which is not the same as silence.
        case gap(Gap)
    }

    private let decoder: UtteranceDecoder
    private let recognizer: any SpeechRecognizer
    private let finder: UtteranceFinder

    /// Makes a transcriber at the start of a stream; recognizer and detector belong to it from now on.
    public init(
        recognizer: any SpeechRecognizer, detector: VoiceActivityDetector,
        options: TranscriptionOptions = TranscriptionOptions(), segmentation: SpeechSegmenter.Configuration = .init()
    ) {
        self.recognizer = recognizer
        decoder = UtteranceDecoder(options: options)
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
        case .utterance(let utterance): try report(.utterance(try decoder.decode(utterance, with: recognizer)))
        }
    }
}
