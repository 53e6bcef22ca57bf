/// Plain text: a line for each utterance, gaps on lines of their own.
public struct TextWriter: CaptionWriter, Hashable {
    private var isMidLine = false

    /// Makes a writer at the start of a text.
    public init() {}

    public mutating func begin() -> String { "" }

    public mutating func append(_ words: [Word]) -> String {
        let texts = words.map { CueText.singleLine($0.text) }.filter { !$0.isEmpty }
        guard !texts.isEmpty else { return "" }
        defer { isMidLine = true }
        return (isMidLine ? " " : "") + texts.joined(separator: " ")
    }

    public mutating func append(_ gap: Gap) -> String { endUtterance() + "\(gap)\n" }

    public mutating func endUtterance() -> String {
        defer { isMidLine = false }
        return isMidLine ? "\n" : ""
    }

    public mutating func finish() -> String { endUtterance() }
}
