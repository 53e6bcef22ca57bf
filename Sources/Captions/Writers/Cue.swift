/// A caption as players show it: up to two lines for a while.
public struct Cue: Sendable, Hashable {
    /// When the cue is shown.
    public var start: Duration
    /// When it is taken away; after `start`.
    public var end: Duration
    /// The lines, one or two, without line breaks in them.
    public var lines: [String]
    /// Whether any of its times was not measured.
    public var isApproximate: Bool
}

/// Text of cues, in lines.
enum CueText {
    /// A word without line breaks or blanks around it: an empty line would end a cue.
    static func singleLine(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Lays words out in lines no longer than `width`, each as full as can be. No word may be longer than a line.
    static func lines(_ words: [String], width: Int) -> [String] {
        var lines: [String] = []
        for word in words {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(word)
            }
        }
        return lines
    }

    /// Lays words out like `lines`, but two lines are made as even as can be.
    static func evenLines(_ words: [String], width: Int) -> [String] {
        var best = lines(words, width: width)
        guard best.count == 2 else { return best }
        for count in words.indices.dropFirst() {
            let lines = [words[..<count], words[count...]].map { $0.joined(separator: " ") }
            if lines.allSatisfy({ $0.count <= width }), unevenness(lines) < unevenness(best) { best = lines }
        }
        return best
    }

    private static func unevenness(_ lines: [String]) -> Int { abs(lines[0].count - lines[1].count) }

    /// A text cut in pieces no longer than `width`.
    static func pieces(_ text: String, width: Int) -> [String] {
        var pieces: [String] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(width)))
            rest = rest.dropFirst(width)
        }
        return pieces
    }
}
