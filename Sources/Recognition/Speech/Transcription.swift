/// What a recognizer understood.
public struct Transcription: Sendable, Hashable {
    /// A stretch of the text, with its time.
    public struct Segment: Sendable, Hashable {
        /// The words.
        public var text: String
        /// When they begin, from the first sample on; nil where it is not known.
        public var start: Duration?
        /// When they end, from the first sample on; nil where it is not known.
        public var end: Duration?
        /// The tokens of the words.
        public var tokens: [Int]

        /// Makes a segment.
        public init(text: String, start: Duration?, end: Duration?, tokens: [Int]) {
            self.text = text
            self.start = start
            self.end = end
            self.tokens = tokens
        }
    }

    /// How long the parts of the work took.
    public struct Timings: Sendable, Hashable {
        /// From samples to what the decoder attends to.
        public var encoder: Duration
        /// All tokens, with the choice of each.
        public var decoder: Duration

        /// Makes timings.
        public init(encoder: Duration, decoder: Duration) {
            self.encoder = encoder
            self.decoder = decoder
        }
    }

    /// The words, without blanks around them.
    public var text: String
    /// The same words in stretches, in order of time.
    public var segments: [Segment]
    /// Whether the segments' times are those of the sound as a whole, not of the words.
    public var timesAreApproximate: Bool
    /// The tokens of the words, which a later transcription can go on from.
    public var tokens: [Int]
    /// How many tokens were decoded for this text, marks and times among them.
    public var tokenCount: Int
    /// Whether the text was cut because the decoder did not end it.
    public var isCut: Bool
    /// The mean natural logarithm of the tokens' probabilities; 0 is certain.
    public var averageLogProbability: Double
    /// The probability that there is no speech; nil for recognizers that do not tell.
    public var noSpeechProbability: Double?
    /// How many times shorter the text becomes when it is compressed; above 2.4 it repeats itself. 0 without text.
    public var compressionRatio: Double
    /// The temperature that the text was decoded at.
    public var temperature: Double
    /// How long the parts took, every temperature's tokens among them.
    public var timings: Timings

    /// Makes a transcription.
    public init(
        text: String, segments: [Segment], timesAreApproximate: Bool, tokens: [Int], tokenCount: Int, isCut: Bool,
        averageLogProbability: Double, noSpeechProbability: Double?, compressionRatio: Double, temperature: Double,
        timings: Timings
    ) {
        self.text = text
        self.segments = segments
        self.timesAreApproximate = timesAreApproximate
        self.tokens = tokens
        self.tokenCount = tokenCount
        self.isCut = isCut
        self.averageLogProbability = averageLogProbability
        self.noSpeechProbability = noSpeechProbability
        self.compressionRatio = compressionRatio
        self.temperature = temperature
        self.timings = timings
    }
}
