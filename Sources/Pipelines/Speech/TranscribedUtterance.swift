public import Captions
import Glibc
import Recognition
import Units

/// What was understood of an utterance.
///
/// As JSON, times in seconds: `{"start":0.3,"end":2.1,"text":"…","words":[…],"recognizer":"…","decoding_seconds":0.08,
/// "log_probability":-0.2}`;
/// when a gate fired, `gate` is its name, `rejected` the text that is not trusted, and `text` is empty.
public struct TranscribedUtterance: Sendable, Hashable {
    /// Where its sound begins on the audio timeline.
    public var start: Duration
    /// Where its sound ends.
    public var end: Duration
    /// The text; empty when nothing was understood or a gate fired.
    public var text: String
    /// The words of the text with their times.
    public var words: [Word]
    /// Who recognised it.
    public var recognizer: String
    /// How long decoding took.
    public var decoding: Duration
    /// The mean natural logarithm of its tokens' probabilities; 0 is certain.
    public var logProbability: Double
    /// The geometric mean of its tokens' probabilities, 0…1.
    public var confidence: Double { min(1, exp(logProbability)) }
    /// Why the text was not trusted, if so.
    public var gate: HypothesisGates.Gate?
    /// The text that was not trusted.
    public var rejected: String?
    /// Where the recognizer measured that segments end; not written.
    public var segmentEnds: [Hypothesis.SegmentEnd] = []
    /// How many decodes it took: more than one where something was left out; not written.
    public var decodes = 1
}

extension TranscribedUtterance: Encodable {
    private enum CodingKeys: String, CodingKey {
        case start, end, text, words, recognizer, gate, rejected
        case decoding = "decoding_seconds"
        case logProbability = "log_probability"
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(start.seconds.rounded(decimals: 3), forKey: .start)
        try values.encode(end.seconds.rounded(decimals: 3), forKey: .end)
        try values.encode(text, forKey: .text)
        try values.encode(words, forKey: .words)
        try values.encode(recognizer, forKey: .recognizer)
        try values.encode(decoding.seconds.rounded(decimals: 4), forKey: .decoding)
        try values.encode(logProbability.rounded(decimals: 3), forKey: .logProbability)
        try values.encodeIfPresent(gate, forKey: .gate)
        try values.encodeIfPresent(rejected, forKey: .rejected)
    }
}
