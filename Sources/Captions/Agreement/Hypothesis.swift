/// What a recognizer heard in one window of sound.
public struct Hypothesis: Sendable, Hashable {
    /// A segment's end that the recognizer measured, such as Whisper's timestamps.
    public struct SegmentEnd: Sendable, Hashable {
        /// How many of the hypothesis's words lie before the end.
        public var wordCount: Int
        /// The end on the audio timeline.
        public var time: Duration

        /// Makes a segment's end.
        public init(wordCount: Int, time: Duration) {
            self.wordCount = wordCount
            self.time = time
        }
    }

    /// The words in order, on the audio timeline.
    public var words: [Word]
    /// The ends of segments in order; empty if the recognizer measures none.
    public var segmentEnds: [SegmentEnd]
    /// Where the decoded sound ends.
    public var soundEnd: Duration

    /// Makes a hypothesis.
    public init(words: [Word], segmentEnds: [SegmentEnd] = [], soundEnd: Duration) {
        self.words = words
        self.segmentEnds = segmentEnds
        self.soundEnd = soundEnd
    }
}
