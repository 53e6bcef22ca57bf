import Captions
import Units

/// Somebody speaks without a pause, and recognizers hear it: each writes words in its own way, hears times in its own
/// way, and is unsure of the end of the sound and of a word that the window's start cuts.
struct SpeakerSimulation {
    /// How a recognizer hears.
    struct Recognizer {
        /// Whether its times are laid out over the window rather than measured.
        var isApproximate = false
        /// Whether it reports the ends of segments, every ten words or so.
        var hasSegments = false
        /// Whether it writes in capitals, and with other punctuation.
        var shouts = false
        /// How far off measured times may be, in milliseconds.
        var jitter = 0
        /// The share of words that it hears as another word, not at all, or as two, differently each time.
        var mishears = 0.0
    }

    let truth: [Word]
    var generator: SeededGenerator
    /// The words missed by the hypothesis before. Two that miss the same word agree that it is not there.
    private var missed: Set<Int> = []

    init(wordCount: Int, vocabulary: Int, seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        var time = Duration.milliseconds(300)
        var truth: [Word] = []
        for _ in 0..<wordCount {
            let end = time + generator.milliseconds(120...450)
            truth.append(Word(Self.name(Int.random(in: 0..<vocabulary, using: &generator)), start: time, end: end))
            time = end + generator.milliseconds(20...150)
        }
        self.truth = truth
    }

    var end: Duration { truth.last?.end ?? .zero }

    /// Different words, of which no two begin alike.
    private static func name(_ number: Int) -> String {
        let syllables = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu"]
        return syllables[number % 10] + syllables[number / 10 % 10] + syllables[(number * 7 + 3) % 10]
    }

    /// What a recognizer hears between two times. With `isSure` the end is heard as it is.
    mutating func hear(_ recognizer: Recognizer, from start: Duration, to end: Duration, isSure: Bool = false)
        -> Hypothesis
    {
        var heard: [Word] = []
        var ends: [Hypothesis.SegmentEnd] = []
        var missing: Set<Int> = []
        defer { missed = missing }
        for (index, word) in truth.enumerated() where word.end > start && word.start < end {
            var word = word
            let isCutAtStart = word.start < start
            if isCutAtStart, (start - word.start) * 2 > word.end - word.start || generator.chance(0.3) {
                // More than half of it is gone: lost, or taken for something else.
                if generator.chance(0.5) { continue }
                word.text = String(word.text.suffix(3)) + "x"
            } else if !isSure, end - word.end < .milliseconds(600), generator.chance(0.5) {
                word.text = "guess\(generator.next() % 1_000_000)"
            }
            if !isSure, generator.chance(recognizer.mishears) {
                switch Int.random(in: 0..<3, using: &generator) {
                case 0 where !missed.contains(index):
                    missing.insert(index)
                    continue
                case 0, 1: word.text = "other\(generator.next() % 1_000_000)"
                default:
                    let half = (word.start + word.end) / 2
                    heard.append(Word("half\(generator.next() % 1_000_000)", start: word.start, end: half))
                    word.start = half
                }
            }
            if recognizer.shouts { word.text = word.text.uppercased() + (generator.chance(0.2) ? "," : "") }
            let shift = generator.milliseconds(-recognizer.jitter...recognizer.jitter)
            word = Word(word.text, start: max(start, word.start + shift), end: max(start, word.end + shift))
            heard.append(word)
            if recognizer.hasSegments, index % 10 == 9, index + 1 < truth.count {
                ends.append(.init(wordCount: heard.count, time: (truth[index].end + truth[index + 1].start) / 2))
            }
        }
        if recognizer.isApproximate, let first = heard.first, let last = heard.last {
            heard = Word.spread(heard.map(\.text), over: first.start..<last.end)
        }
        return Hypothesis(words: heard, segmentEnds: ends, soundEnd: end)
    }
}
