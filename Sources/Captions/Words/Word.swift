import Units

/// A recognized word and when it was said.
///
/// Times count from the start of the audio timeline, not from the window that was decoded. As JSON:
/// `{"text":"Printing,","start":0.32,"end":0.81,"approximate":false}`, times in seconds, to the millisecond.
public struct Word: Sendable, Hashable {
    /// The word as it is shown: with its capitals and punctuation, without blanks around it.
    public var text: String
    /// When the word begins.
    public var start: Duration
    /// When the word ends; never before `start`.
    public var end: Duration
    /// Whether the times were not measured but laid out over a stretch of speech.
    public var isApproximate: Bool

    /// Makes a word. An end before the start counts as the start.
    public init(_ text: String, start: Duration, end: Duration, isApproximate: Bool = false) {
        self.text = text
        self.start = start
        self.end = max(start, end)
        self.isApproximate = isApproximate
    }
}

extension Word {
    /// Lays words out over the stretch of speech they were said in, each given time by its length; marked approximate.
    ///
    /// For recognizers that give no times, and for words inside a segment whose ends only are known.
    /// - Parameters:
    ///   - texts: the words in order; empty ones are left out.
    ///   - span: where the speech begins and ends on the audio timeline.
    public static func spread(_ texts: [some StringProtocol], over span: Range<Duration>) -> [Word] {
        // One letter more for each word stands for the seam between words.
        let weights = texts.filter { !$0.isEmpty }.map { ($0, Double($0.count + 1)) }
        let total = weights.reduce(0) { $0 + $1.1 }
        let length = span.upperBound - span.lowerBound
        var before = 0.0
        return weights.map { text, weight in
            let start = span.lowerBound + length * (before / total)
            before += weight
            return Word(
                String(text), start: start, end: span.lowerBound + length * (before / total), isApproximate: true)
        }
    }
}

extension Word: Codable {
    private enum CodingKeys: String, CodingKey { case text, start, end, approximate }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func duration(_ key: CodingKeys) throws -> Duration {
            let seconds = try values.decode(Double.self, forKey: key)
            guard abs(seconds) < 1e9 else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: values, debugDescription: "\(seconds) s is no time on an audio timeline")
            }
            return .milliseconds(Int64((seconds * 1e3).rounded()))
        }
        self.init(
            try values.decode(String.self, forKey: .text), start: try duration(.start), end: try duration(.end),
            isApproximate: try values.decodeIfPresent(Bool.self, forKey: .approximate) ?? false)
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(text, forKey: .text)
        try values.encode(start.milliseconds.rounded() / 1e3, forKey: .start)
        try values.encode(end.milliseconds.rounded() / 1e3, forKey: .end)
        try values.encode(isApproximate, forKey: .approximate)
    }
}
