import Units

/// Decides whether a transcription is trusted, or is what recognizers invent over noise and silence.
///
/// Thresholds are those of Whisper's reference decoder where it has them. A figure that a recognizer does not give is
/// not judged.
public struct HypothesisGates: Sendable, Hashable {
    /// A reason not to trust a transcription.
    public enum Gate: String, Sendable, Hashable, CaseIterable, Codable {
        /// Probably no speech, and decoded without confidence.
        case noSpeech
        /// Decoded without confidence, by a recognizer that does not tell how probable no speech is.
        case lowConfidence
        /// Text that compresses too well: it repeats itself.
        case compression
        /// The same words again and again.
        case repetition
        /// More words than anybody speaks in that time.
        case wordRate
        /// Nothing but a description of sounds, such as `[music]`, or punctuation.
        case annotation
    }

    /// What is known about a transcription.
    public struct Evidence: Sendable, Hashable {
        /// The text.
        public var text: String
        /// The length of the speech it stands for.
        public var duration: Duration
        /// The probability of no speech, 0…1.
        public var noSpeechProbability: Double?
        /// The mean log-probability of the tokens.
        public var averageLogProbability: Double?
        /// The text's size over its size compressed by zlib.
        public var compressionRatio: Double?

        /// Makes evidence.
        public init(
            text: String, duration: Duration, noSpeechProbability: Double? = nil,
            averageLogProbability: Double? = nil, compressionRatio: Double? = nil
        ) {
            self.text = text
            self.duration = duration
            self.noSpeechProbability = noSpeechProbability
            self.averageLogProbability = averageLogProbability
            self.compressionRatio = compressionRatio
        }
    }

    /// `noSpeech` fires above this probability of no speech …
    public var noSpeechProbability = 0.6
    /// … and below this mean log-probability; `lowConfidence` fires below it alone.
    public var averageLogProbability = -1.0
    /// `compression` fires above this ratio.
    public var compressionRatio = 2.4
    /// `repetition` fires when a phrase of two to `longestPhrase` words comes this often in a row …
    public var repeatedPhrase = 3
    /// … or a single word this often: people do say "no, no, no".
    public var repeatedWord = 6
    /// The longest phrase that is looked for.
    public var longestPhrase = 10
    /// `wordRate` fires above this many words a second, speech of less than a second counted as one.
    public var wordsPerSecond = 7.0

    /// Makes the usual gates.
    public init() {}

    /// The first gate that fires, in the order of `Gate`'s cases; `nil` when the transcription is trusted.
    ///
    /// No text at all is trusted: it claims nothing.
    public func gate(for evidence: Evidence) -> Gate? {
        if let noSpeech = evidence.noSpeechProbability, let logProbability = evidence.averageLogProbability,
            noSpeech > noSpeechProbability, logProbability < averageLogProbability
        {
            return .noSpeech
        }
        if evidence.noSpeechProbability == nil, let logProbability = evidence.averageLogProbability,
            logProbability < averageLogProbability, !evidence.text.isEmpty
        {
            return .lowConfidence
        }
        if let ratio = evidence.compressionRatio, ratio > compressionRatio { return .compression }
        let words = WordNormalization.words(evidence.text)
        if repeats(words) { return .repetition }
        if Double(words.count) > wordsPerSecond * max(1, evidence.duration.seconds) { return .wordRate }
        if Self.isAnnotation(evidence.text) { return .annotation }
        return nil
    }

    /// Whether a phrase comes too often in a row. Time grows with the words times `longestPhrase`.
    private func repeats(_ words: [String]) -> Bool {
        guard longestPhrase > 0 else { return false }
        for length in 1...longestPhrase {
            let limit = length == 1 ? repeatedWord : repeatedPhrase
            guard limit > 1, words.count >= length * limit else { continue }
            // A phrase that comes n times in a row equals itself, shifted by its length, for n − 1 lengths.
            var run = 0
            for index in length..<words.count {
                run = words[index] == words[index - length] ? run + 1 : 0
                // A single word said again and again is no phrase of two.
                if run >= length * (limit - 1), length == 1 || isPhrase(words[(index - length + 1)...index]) {
                    return true
                }
            }
        }
        return false
    }

    private func isPhrase(_ words: ArraySlice<String>) -> Bool { words.contains { $0 != words.first } }

    private static func isAnnotation(_ text: String) -> Bool {
        guard text.contains(where: { !$0.isWhitespace }) else { return false }
        let closing: [Character: Character] = ["[": "]", "(": ")", "*": "*", "♪": "♪", "<": ">", "【": "】", "（": "）"]
        var awaited: Character?
        var outside = ""
        for character in text {
            if let end = awaited {
                if character == end { awaited = nil }
            } else if let end = closing[character] {
                awaited = end
                outside.append(" ")
            } else {
                outside.append(character)
            }
        }
        return WordNormalization.words(outside).isEmpty
    }
}
