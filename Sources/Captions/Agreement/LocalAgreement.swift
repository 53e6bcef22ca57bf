/// Commits words of a growing window once two successive hypotheses agree on them (LocalAgreement-2).
///
/// Each hypothesis covers the sound from `windowStart` to its end. The longest beginning on which it agrees with the
/// one before, case and punctuation put aside, is committed; the rest is unconfirmed. What is committed never changes,
/// and its times never go back. The window is trimmed at the end of a committed segment, or else between committed
/// words, so that it stays short.
///
/// Each hypothesis is aligned to what is committed before it is compared. Therefore recognizers may change between any
/// two decodes: the new one goes on after the last committed word, whatever it makes of the words before, and agreement
/// of two recognizers counts as agreement.
///
/// Give it trusted hypotheses only (`HypothesisGates`): a hypothesis that a gate rejected is not evidence for silence.
/// Memory is bounded by the words in a window; time of a step by their square.
///
/// Source: Liu, Spanakis, Niehues: *Low-latency sequence-to-sequence speech recognition and translation by partial
/// hypothesis selection*, Interspeech 2020 (local agreement); Macháček, Dabre, Bojar: *Turning Whisper into real-time
/// transcription system*, 2023 (the window's trimming at segments).
public struct LocalAgreement: Sendable, Hashable {
    /// The figures of the window.
    public struct Configuration: Sendable, Hashable {
        /// A window longer than this is trimmed at the last committed segment end.
        public var softLimit = Duration.seconds(15)
        /// A window longer than this is trimmed between committed words, if no segment end is committed.
        public var wordLimit = Duration.seconds(20)
        /// A window that reaches this length commits all but its last sound and is trimmed. Whisper's window is 30 s.
        public var hardLimit = Duration.seconds(28)
        /// The last sound that a forced commit leaves alone.
        public var unsettled = Duration.seconds(2)
        /// Committed words that stay in a window trimmed between words, for the next hypothesis to be aligned by.
        public var anchors = 4

        /// Makes the usual figures.
        public init() {}
    }

    private let configuration: Configuration
    /// Where the next decode's window begins.
    public private(set) var windowStart: Duration
    /// How many words were committed since `init`.
    public private(set) var committedCount = 0
    /// The last committed words: those in the window and a few before it.
    private var anchors: [CommittedAlignment.Anchor] = []
    /// The first anchor that lies in the window.
    private var expected = 0
    private var startsAtSegmentEnd = true
    private var lastEnd: Duration
    /// What came after the committed words in the hypothesis before.
    private var previous: [Word] = []

    /// Makes an agreement over sound from `start` on.
    public init(_ configuration: Configuration = Configuration(), start: Duration = .zero) {
        self.configuration = configuration
        windowStart = start
        lastEnd = start
    }

    /// The words that the last hypothesis left unconfirmed.
    public var unconfirmed: [Word] { previous }

    /// Begins an utterance: the window starts anew at `start`.
    /// - Parameters:
    ///   - start: the utterance's start on the audio timeline.
    ///   - isContinued: whether it was split off in mid-speech, so that words around the split may come again. Else
    ///     there was a pause, and a word said again is a word said twice.
    public mutating func begin(at start: Duration, isContinued: Bool = false) {
        windowStart = start
        previous = []
        startsAtSegmentEnd = !isContinued
        if isContinued {
            // A word that ends just before the split may as well end just after it.
            expected = anchors.firstIndex { $0.end > start - .milliseconds(100) } ?? anchors.count
            forgetEarlierAnchors()
        } else {
            anchors = []
            expected = 0
        }
    }

    /// Takes in the next hypothesis of the window.
    public mutating func observe(_ hypothesis: Hypothesis) -> Caption {
        let keys = hypothesis.words.map { WordNormalization.key($0.text) }
        let known = knownCount(hypothesis, keys)
        let tail = Array(hypothesis.words[known...])
        var agreed = zip(keys[known...], previous).prefix { $0 == WordNormalization.key($1.text) }.count
        // At the end of both hypotheses a full stop may only mean that the sound ended there.
        if agreed > 0, agreed == tail.count, agreed == previous.count, tail[agreed - 1].endsSentence { agreed -= 1 }

        if hypothesis.soundEnd - windowStart >= configuration.hardLimit {
            let settled = hypothesis.soundEnd - configuration.unsettled
            agreed = max(agreed, tail.prefix { $0.end <= settled }.count)
        }

        let committed = commit(tail[..<agreed])
        previous = Array(tail[agreed...])
        trim(hypothesis, committed: known + agreed)
        return Caption(committed: committed, unconfirmed: previous)
    }

    /// Forgets what is unconfirmed: the next hypothesis begins anew after the committed words.
    public mutating func forgetUnconfirmed() { previous = [] }

    /// Ends the utterance: commits what the last hypothesis has beyond the committed words.
    /// - Parameter hypothesis: the decode of the whole window; `nil` if there was none, which commits what was
    ///   unconfirmed.
    public mutating func finish(_ hypothesis: Hypothesis?) -> Caption {
        var rest = previous
        if let hypothesis {
            let keys = hypothesis.words.map { WordNormalization.key($0.text) }
            rest = Array(hypothesis.words[knownCount(hypothesis, keys)...])
        }
        previous = []
        let committed = commit(rest[...])
        windowStart = max(windowStart, hypothesis?.soundEnd ?? lastEnd)
        expected = anchors.count
        return Caption(committed: committed)
    }

    private func knownCount(_ hypothesis: Hypothesis, _ keys: [String]) -> Int {
        CommittedAlignment.committedCount(
            keys: keys, words: hypothesis.words, anchors: anchors, expected: expected, isSegmentEnd: startsAtSegmentEnd)
    }

    private mutating func commit(_ words: ArraySlice<Word>) -> [Word] {
        words.map { word in
            // Recognizers differ in where they hear a word; captions must not run backwards.
            let start = max(word.start, lastEnd)
            let word = Word(word.text, start: start, end: word.end, isApproximate: word.isApproximate)
            anchors.append(
                .init(key: WordNormalization.key(word.text), end: word.end, isApproximate: word.isApproximate))
            lastEnd = word.end
            committedCount += 1
            return word
        }
    }

    /// Trims a long window at a place that the newest hypothesis knows; its first `committed` words are committed.
    private mutating func trim(_ hypothesis: Hypothesis, committed: Int) {
        let length = hypothesis.soundEnd - windowStart
        guard length > configuration.softLimit else { return }
        let words = hypothesis.words
        if let end = hypothesis.segmentEnds.last(where: {
            // The last segment ends where the sound happened to end.
            $0.wordCount <= committed && $0.wordCount > 0 && $0.wordCount < words.count && $0.time > windowStart
        }) {
            moveWindow(to: end.time, keeping: committed - end.wordCount, isSegmentEnd: true)
        } else if length > configuration.wordLimit, committed > configuration.anchors {
            let cut = committed - configuration.anchors
            moveWindow(
                to: (words[cut - 1].end + words[cut].start) / 2, keeping: configuration.anchors, isSegmentEnd: false)
        }
        if hypothesis.soundEnd - windowStart >= configuration.hardLimit {
            // Nothing was heard in all of it, or its words have no place to cut at.
            let settled = hypothesis.soundEnd - configuration.unsettled
            let kept = words[..<committed].count { $0.end > settled }
            moveWindow(to: settled, keeping: kept, isSegmentEnd: false)
        }
    }

    private mutating func moveWindow(to start: Duration, keeping count: Int, isSegmentEnd: Bool) {
        guard start > windowStart else { return }
        windowStart = start
        expected = max(0, anchors.count - count)
        startsAtSegmentEnd = isSegmentEnd
        forgetEarlierAnchors()
    }

    /// Keeps a few words from before the window, for a window that begins earlier than believed.
    private mutating func forgetEarlierAnchors() {
        let surplus = max(0, expected - configuration.anchors)
        anchors.removeFirst(surplus)
        expected -= surplus
    }
}

extension Word {
    fileprivate var endsSentence: Bool { text.last.map { ".?!…-–—".contains($0) } ?? false }
}
