public import Captions
public import Media
public import Recognition
import Units

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
    ///
    /// Whisper at times ends early, in mid-speech, or repeats itself; then what is left out is decoded by itself, a few
    /// times at most.
    public func transcribe(_ utterance: Utterance) throws(RecognitionError) -> TranscribedUtterance {
        let begin = MonotonicTime.now()
        let parts = try decode(utterance, attempts: Self.attempts)
        let trusted = parts.filter { $0.gate == nil }
        let rejected = parts.filter { $0.gate != nil }.map(\.transcription.text)
        return TranscribedUtterance(
            start: utterance.start, end: utterance.end,
            text: trusted.map(\.transcription.text).filter { !$0.isEmpty }.joined(separator: " "),
            words: trusted.flatMap(\.words), recognizer: recognizer.name, decoding: MonotonicTime.now() - begin,
            logProbability: parts.map(\.transcription.averageLogProbability).min() ?? 0,
            gate: parts.lazy.compactMap(\.gate).first,
            rejected: rejected.isEmpty ? nil : rejected.joined(separator: " "))
    }

    /// A part of an utterance, decoded and judged.
    private struct Part {
        var utterance: Utterance
        var transcription: Transcription
        var gate: HypothesisGates.Gate?
        var words: [Word] { utterance.words(of: transcription) }
    }

    /// How often what was left out is cut in two again.
    private static let attempts = 2
    /// Nobody speaks for so long …
    private static let longSpeech = Duration.seconds(4)
    /// … with fewer words a second than this: even slow speech has more than one.
    private static let fewestWords = 1.0

    private func decode(_ utterance: Utterance, attempts: Int) throws(RecognitionError) -> [Part] {
        let transcription = try recognizer.transcribe(utterance.samples, options: options)
        let whole = Part(
            utterance: utterance, transcription: transcription, gate: gate(for: transcription, of: utterance))
        guard attempts > 0 else { return [whole] }
        if whole.gate == nil, let rest = utterance.rest(after: transcription) {
            return try [whole] + decode(rest, attempts: attempts - 1)
        }
        guard isLacking(whole), let (first, second) = utterance.halves() else { return [whole] }
        let parts = try decode(first, attempts: attempts - 1) + decode(second, attempts: attempts - 1)
        return Self.trustedWords(parts) > Self.trustedWords([whole]) ? parts : [whole]
    }

    /// Whether words are missing: far fewer than somebody speaks in that time, or a text that ran into a loop.
    private func isLacking(_ part: Part) -> Bool {
        let voiced = part.utterance.voicedLength
        guard voiced >= Self.longSpeech else { return false }
        switch part.gate {
        case nil: return Double(part.words.count) < Self.fewestWords * voiced.seconds
        case .compression, .repetition, .wordRate: return true
        default: return false
        }
    }

    private static func trustedWords(_ parts: [Part]) -> Int {
        parts.reduce(0) { $0 + ($1.gate == nil ? $1.words.count : 0) }
    }

    private func gate(for transcription: Transcription, of utterance: Utterance) -> HypothesisGates.Gate? {
        gates.gate(
            for: .init(
                text: transcription.text, duration: utterance.end - utterance.start,
                noSpeechProbability: transcription.noSpeechProbability,
                averageLogProbability: transcription.averageLogProbability,
                compressionRatio: transcription.compressionRatio))
    }
}
