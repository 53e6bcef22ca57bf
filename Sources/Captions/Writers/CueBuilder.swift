/// Gathers committed words into cues that can be read: two lines of at most 42 characters, not too short, not too long.
///
/// A cue ends when the next word does not fit, at a pause, after a sentence once it has some length, and with the
/// utterance. Cues never overlap.
public struct CueBuilder: Sendable, Hashable {
    /// The figures of cues, after the usual rules of subtitling.
    public struct Configuration: Sendable, Hashable {
        /// The longest line in characters.
        public var width = 42
        /// The most lines.
        public var lines = 2
        /// The longest time a cue stays.
        public var longest = Duration.seconds(7)
        /// The shortest time a cue stays, as far as the next one allows.
        public var shortest = Duration.seconds(1)
        /// A pause between words that ends a cue.
        public var pause = Duration.milliseconds(700)
        /// Characters from which on the end of a sentence ends a cue.
        public var sentence = 30

        /// Makes the usual figures.
        public init() {}
    }

    private let configuration: Configuration
    private var words: [Word] = []
    /// No cue begins before this.
    private var shownUntil = Duration.zero

    /// Makes a builder with no words.
    public init(_ configuration: Configuration = Configuration()) { self.configuration = configuration }

    /// Takes in the next word; returns the cue that it ended, or more than one where a word is too long for one.
    public mutating func append(_ word: Word) -> [Cue] {
        let pieces = CueText.pieces(CueText.singleLine(word.text), width: max(1, configuration.width))
        if pieces.count > 1 {
            return Word.spread(pieces, over: word.start..<word.end).compactMap { place($0) }
        }
        guard let text = pieces.first else { return [] }
        let cue = place(Word(text, start: word.start, end: word.end, isApproximate: word.isApproximate))
        return cue.map { [$0] } ?? []
    }

    private mutating func place(_ word: Word) -> Cue? {
        defer { words.append(word) }
        guard let first = words.first, let last = words.last else { return nil }
        let fits =
            CueText.lines(words.map(\.text) + [word.text], width: configuration.width).count <= configuration.lines
        let endsSentence =
            last.text.last.map { ".?!…".contains($0) } ?? false && words.text.count >= configuration.sentence
        let isLong = word.end - first.start > configuration.longest
        guard !fits || endsSentence || isLong || word.start - last.end >= configuration.pause else { return nil }
        return close(before: word.start)
    }

    /// Takes in a gap; returns the cue that it ended and the gap's own.
    public mutating func append(_ gap: Gap) -> [Cue] {
        let before = close(before: gap.start)
        let end = min(gap.end, gap.start + configuration.longest)
        let own = cue(from: gap.start, to: end, before: nil, lines: ["\(gap)"], isApproximate: false)
        return [before, own].compactMap { $0 }
    }

    /// Ends the open cue.
    public mutating func close() -> Cue? { close(before: nil) }

    private mutating func close(before next: Duration?) -> Cue? {
        guard let first = words.first, let last = words.last else { return nil }
        defer { words = [] }
        return cue(
            from: first.start, to: min(last.end, first.start + configuration.longest), before: next,
            lines: CueText.evenLines(words.map(\.text), width: configuration.width),
            isApproximate: words.contains(where: \.isApproximate))
    }

    private mutating func cue(
        from start: Duration, to end: Duration, before next: Duration?, lines: [String], isApproximate: Bool
    ) -> Cue {
        let start = max(start, shownUntil)
        var end = max(end, start + configuration.shortest)
        if let next { end = min(end, next) }
        // Formats hold milliseconds; a cue of no length is not shown at all.
        end = max(end, start + .milliseconds(1))
        shownUntil = end
        return Cue(start: start, end: end, lines: lines, isApproximate: isApproximate)
    }
}
