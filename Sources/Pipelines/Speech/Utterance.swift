public import Captions
import Media
public import Recognition

/// A stretch of speech, cut out of a stream of sound.
public struct Utterance: Sendable, Hashable {
    /// Its first sample on the audio timeline, a little before the first voiced sound.
    public var start: Duration
    /// Its sound: mono, 16 kHz, −1…1, less than 30 s.
    public var samples: [Float]
    /// Where somebody speaks, in order, apart from each other, on the audio timeline; the rest are pauses.
    public var voiced: [Range<Duration>]
    /// Whether it was split off in mid-speech from the one before, so that words around the split may come again.
    public var isContinued: Bool

    /// Where its sound ends.
    public var end: Duration { start + AudioBlock.duration(of: samples.count) }

    /// Makes an utterance.
    public init(start: Duration, samples: [Float], voiced: [Range<Duration>], isContinued: Bool = false) {
        self.start = start
        self.samples = samples
        self.voiced = voiced
        self.isContinued = isContinued
    }

    /// The words of its transcription, placed on the audio timeline.
    ///
    /// Within a segment that the recognizer timed, and within the whole utterance where it timed none, words are laid
    /// out over what is voiced, each given time by its length. Such times are marked approximate; those of a timed
    /// segment of one word are not.
    public func words(of transcription: Transcription) -> [Word] {
        transcription.segments.flatMap { segment -> [Word] in
            let texts = segment.text.split(whereSeparator: \.isWhitespace)
            let isTimed = !transcription.timesAreApproximate && segment.start != nil && segment.end != nil
            let range = isTimed ? timeline(segment) : start..<end
            if isTimed, texts.count == 1 {
                return [Word(String(texts[0]), start: range.lowerBound, end: range.upperBound)]
            }
            return VoicedTime(voiced, within: range).spread(texts)
        }
    }

    private func timeline(_ segment: Transcription.Segment) -> Range<Duration> {
        let from = min(max(start, start + (segment.start ?? .zero)), end)
        return from..<min(max(from, start + (segment.end ?? .zero)), end)
    }
}

/// The time that somebody speaks, pauses left out.
private struct VoicedTime {
    private let spans: [Range<Duration>]

    /// What is voiced of a range; all of it where nothing is.
    init(_ voiced: [Range<Duration>], within range: Range<Duration>) {
        let inside = voiced.map { $0.clamped(to: range) }.filter { !$0.isEmpty }
        spans = inside.isEmpty ? [range] : inside
    }

    func spread(_ texts: [some StringProtocol]) -> [Word] {
        let length = spans.reduce(.zero) { $0 + ($1.upperBound - $1.lowerBound) }
        return Word.spread(texts, over: .zero..<length).map { word in
            Word(
                word.text, start: place(word.start, isEnd: false), end: place(word.end, isEnd: true),
                isApproximate: true)
        }
    }

    /// Where a moment of the voiced time lies; a word ends before a pause, and the next begins after it.
    private func place(_ moment: Duration, isEnd: Bool) -> Duration {
        var rest = moment
        for span in spans {
            let length = span.upperBound - span.lowerBound
            if rest < length || isEnd && rest == length { return span.lowerBound + rest }
            rest -= length
        }
        return spans.last?.upperBound ?? moment
    }
}
