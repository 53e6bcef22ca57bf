/// WebVTT, the captions of the web (W3C Recommendation track, 2019).
///
/// Where times were not measured a `NOTE` says so, and another where they are again.
public struct WebVTTWriter: CaptionWriter, Hashable {
    private var cues: CueBuilder
    private var isApproximate = false

    /// Makes a writer at the start of a file.
    public init(_ configuration: CueBuilder.Configuration = .init()) { cues = CueBuilder(configuration) }

    public mutating func begin() -> String { "WEBVTT\n\n" }

    public mutating func append(_ words: [Word]) -> String {
        var text = ""
        for word in words { text += write(cues.append(word)) }
        return text
    }

    public mutating func append(_ gap: Gap) -> String {
        write(cues.append(gap))
    }

    public mutating func endUtterance() -> String { cues.close().map { write($0) } ?? "" }

    public mutating func finish() -> String { endUtterance() }

    private mutating func write(_ cues: [Cue]) -> String {
        var text = ""
        for cue in cues { text += write(cue) }
        return text
    }

    private mutating func write(_ cue: Cue) -> String {
        var note = ""
        if cue.isApproximate != isApproximate {
            isApproximate = cue.isApproximate
            note = isApproximate ? "NOTE approximate times from here\n\n" : "NOTE measured times from here\n\n"
        }
        let times = [cue.start, cue.end].map { TimeText.clock($0, separator: ".") }.joined(separator: " --> ")
        return note + times + "\n" + cue.lines.map(Self.escaped).joined(separator: "\n") + "\n\n"
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.append(character)
            }
        }
    }
}
