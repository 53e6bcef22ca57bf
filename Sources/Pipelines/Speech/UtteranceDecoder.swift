public import Captions
import Media
public import Recognition
import Units

/// Decodes utterances and judges their texts, whoever recognizes.
public struct UtteranceDecoder: Sendable {
    /// How recognizers decode.
    public var options: TranscriptionOptions
    /// What a text is judged by.
    public var gates = HypothesisGates()

    /// Makes a decoder.
    public init(options: TranscriptionOptions = TranscriptionOptions()) { self.options = options }

    /// Decodes an utterance for good and judges its text. Blocks.
    ///
    /// Whisper at times ends early, in mid-speech, or repeats itself; then what is left out is decoded by itself, a few
    /// times at most.
    public func decode(
        _ utterance: Utterance, with recognizer: any SpeechRecognizer
    ) throws(RecognitionError) -> TranscribedUtterance {
        try decode(utterance, with: recognizer, attempts: Self.attempts)
    }

    /// Decodes an utterance, and what was left out up to so many times.
    func decode(
        _ utterance: Utterance, with recognizer: any SpeechRecognizer, attempts: Int
    ) throws(RecognitionError) -> TranscribedUtterance {
        let begin = MonotonicTime.now()
        let parts = try decode(utterance, recognizer, options, attempts: attempts)
        return joined(parts, of: utterance, by: recognizer, since: begin)
    }

    /// Decodes an utterance that goes on, once and quickly, for words that are shown until the next time. Blocks.
    public func glance(
        at utterance: Utterance, with recognizer: any SpeechRecognizer
    ) throws(RecognitionError) -> TranscribedUtterance {
        let begin = MonotonicTime.now()
        let length = utterance.end - utterance.start
        var options = options
        options.temperatures = [0]
        options.window = length + Self.glanceSilence
        // A text that runs into a loop must not hold up the next.
        options.maximumTokens = Self.fewestTokens + Int(Self.tokensPerSecond * length.seconds)
        let parts = try decode(utterance, recognizer, options, attempts: 0)
        return joined(parts, of: utterance, by: recognizer, since: begin)
    }

    private func joined(
        _ parts: [Part], of utterance: Utterance, by recognizer: any SpeechRecognizer, since begin: MonotonicTime
    ) -> TranscribedUtterance {
        let trusted = parts.filter { $0.gate == nil }
        let rejected = parts.filter { $0.gate != nil }.map(\.transcription.text)
        return TranscribedUtterance(
            start: utterance.start, end: utterance.end,
            text: trusted.map(\.transcription.text).filter { !$0.isEmpty }.joined(separator: " "),
            words: trusted.flatMap(\.words), recognizer: recognizer.name, decoding: MonotonicTime.now() - begin,
            logProbability: parts.map(\.transcription.averageLogProbability).min() ?? 0,
            gate: parts.lazy.compactMap(\.gate).first,
            rejected: rejected.isEmpty ? nil : rejected.joined(separator: " "),
            segmentEnds: Self.segmentEnds(of: trusted), decodes: parts.count)
    }

    /// The segment ends that the recognizer measured, with the words before each.
    private static func segmentEnds(of parts: [Part]) -> [Hypothesis.SegmentEnd] {
        var words = 0
        return parts.flatMap { part -> [Hypothesis.SegmentEnd] in
            part.transcription.segments.compactMap { segment in
                words += segment.text.split(whereSeparator: \.isWhitespace).count
                guard !part.transcription.timesAreApproximate, let end = segment.end else { return nil }
                return Hypothesis.SegmentEnd(
                    wordCount: words, time: min(part.utterance.start + end, part.utterance.end))
            }
        }
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
    /// The silence that Whisper's encoder is given after speech that goes on.
    private static let glanceSilence = Duration.seconds(5)
    /// Nobody says more tokens than this.
    private static let tokensPerSecond = 8.0
    private static let fewestTokens = 16

    private func decode(
        _ utterance: Utterance, _ recognizer: any SpeechRecognizer, _ options: TranscriptionOptions, attempts: Int
    ) throws(RecognitionError) -> [Part] {
        let transcription = try recognizer.transcribe(utterance.samples, options: options)
        let whole = Part(
            utterance: utterance, transcription: transcription, gate: gate(for: transcription, of: utterance))
        guard attempts > 0 else { return [whole] }
        if whole.gate == nil, let rest = utterance.rest(after: transcription) {
            return try [whole] + decode(rest, recognizer, options, attempts: attempts - 1)
        }
        guard isLacking(whole), let (first, second) = utterance.halves() else { return [whole] }
        let parts =
            try decode(first, recognizer, options, attempts: attempts - 1)
            + decode(second, recognizer, options, attempts: attempts - 1)
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
