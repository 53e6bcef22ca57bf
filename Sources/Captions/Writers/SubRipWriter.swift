/// SubRip (`.srt`): numbered cues, times with a comma. The format has no place to mark approximate times.
public struct SubRipWriter: CaptionWriter, Hashable {
    private var cues: CueBuilder
    private var count = 0

    /// Makes a writer at the start of a file.
    public init(_ configuration: CueBuilder.Configuration = .init()) { cues = CueBuilder(configuration) }

    public mutating func begin() -> String { "" }

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
        count += 1
        let times = [cue.start, cue.end].map { TimeText.clock($0, separator: ",") }.joined(separator: " --> ")
        return "\(count)\n\(times)\n\(cue.lines.joined(separator: "\n"))\n\n"
    }
}
