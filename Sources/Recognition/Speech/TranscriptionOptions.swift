/// How sound is turned into words.
public struct TranscriptionOptions: Sendable, Hashable {
    /// The language that is spoken, by its two-letter code; weights that know English only take `en` and nothing else.
    public var language = "en"
    /// Whether the recognizer tells when words were spoken, where it can (Whisper); it costs a few tokens.
    public var timestamps = true
    /// The most tokens decoded, so that a decoder that never ends is cut; a recognizer's own bound may be lower.
    public var maximumTokens = 224
    /// For measuring: decodes so many tokens once, whatever the sound says, as far as the recognizer's own bound
    /// allows.
    public var exactTokens: Int?
    /// Tokens of what was said before (``Transcription/tokens``), which Whisper goes on from; the last of them count.
    public var promptTokens: [Int] = []
    /// The temperatures that Whisper decodes at, one after the other until a text is good enough; 0 is the best token
    /// each time, higher ones draw by chance. The last text is taken as it is. Live captions have no time for more than
    /// `[0]`.
    public var temperatures: [Double] = [0, 0.2, 0.4, 0.6, 0.8, 1]
    /// A text that compresses better than this repeats itself, and is decoded again.
    public var compressionRatioLimit = 2.4
    /// A text whose tokens are less probable than this on average (natural logarithm) is decoded again.
    public var logProbabilityLimit = -1.0
    /// An improbable text is not decoded again where silence is more probable than this.
    public var noSpeechLimit = 0.6
    /// How much sound Whisper's encoder looks at: silence is added up to it.
    ///
    /// The encoder's time is in proportion to it. Whisper learned on 30 s, so final texts want that; a text that is
    /// only shown for a moment can do with the sound's length and 5 s more, but may then repeat itself.
    public var window: Duration = .seconds(30)
    /// What chance starts from at temperatures above 0: the same sound and seed give the same text.
    public var seed: UInt64 = 0

    /// Options for a final text in English.
    public init() {}
}
