import Captions
public import Media

/// Which results a sink takes: those that meet every condition that is set.
public struct ResultFilter: Sendable, Hashable {
    /// Of these streams.
    public var streams: [SampleResult.Stream]?
    /// With one of these best answers; upper and lower case are the same.
    public var labels: [String]?
    /// With a best answer of at least this score.
    public var score: Double?
    /// With one of these words or phrases among the words that are certain; case and punctuation do not count.
    public var words: [String]?
    /// With one of these outcomes.
    public var outcomes: [Outcome]?
    /// Of speech, steps of these kinds.
    public var kinds: [SpeechResult.Kind]?

    /// A filter that takes everything.
    public init() {}

    /// Reads the section `filter` of a sink.
    mutating func read(_ section: inout MappingReader) {
        streams = section.each("stream", SampleResult.Stream.self)
        labels = section.texts("label")
        score = section.number("score", in: 0...1)
        words = section.texts("words")
        outcomes = section.each("outcome", Outcome.self)
        kinds = section.each("kind", SpeechResult.Kind.self)
    }

    /// Whether a result meets every condition.
    public func admits(_ result: SampleResult) -> Bool {
        if let streams, !streams.contains(result.stream) { return false }
        if let outcomes, !outcomes.contains(result.outcome) { return false }
        if let labels {
            guard let label = result.label?.lowercased(), labels.contains(where: { $0.lowercased() == label }) else {
                return false
            }
        }
        if let score {
            guard let found = result.score, Double(found) >= score else { return false }
        }
        if let kinds {
            guard let kind = result.speech?.kind, kinds.contains(kind) else { return false }
        }
        if let words {
            guard let speech = result.speech else { return false }
            let heard = Self.plain(speech.text ?? speech.committed.text)
            guard words.contains(where: { heard.contains(Self.plain($0)) }) else { return false }
        }
        return true
    }

    /// Words in small letters with one blank around each, so that whole words are found.
    private static func plain(_ text: String) -> String {
        let words = text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "'") }
        return " " + words.joined(separator: " ") + " "
    }
}
