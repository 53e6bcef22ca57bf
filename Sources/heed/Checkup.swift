import Foundation

/// What `heed doctor` found, in sections.
struct Checkup: Encodable {
    /// One thing that was looked at.
    struct Finding: Encodable {
        /// How it stands.
        enum State: String, Encodable {
            /// It is here and can be used.
            case present
            /// It is not here and nothing is wrong with that.
            case absent
            /// Something is in the way; the remedy says what to do.
            case missing
        }

        var name: String
        var state: State
        /// What was found, or why nothing was.
        var detail: String
        /// What to do, where something can be done.
        var remedy: String?
        /// Whether heed cannot work without it.
        var essential = false
    }

    /// Findings of one kind.
    struct Section: Encodable {
        var title: String
        var findings: [Finding]
    }

    var sections: [Section]

    /// Whether heed can work here.
    var works: Bool {
        sections.allSatisfy { section in section.findings.allSatisfy { !$0.essential || $0.state == .present } }
    }

    private enum CodingKeys: String, CodingKey { case works, sections }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(works, forKey: .works)
        try values.encode(sections, forKey: .sections)
    }

    /// For programs.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// For people; in colour only where that is asked for.
    func text(inColor: Bool) -> String {
        let width = sections.flatMap(\.findings).map(\.name.count).max() ?? 0
        let blocks = sections.map { section in
            ([section.title.uppercased(), ""]
                + section.findings.flatMap { $0.lines(nameWidth: width, inColor: inColor) })
                .joined(separator: "\n")
        }
        let verdict = works ? "heed can work here." : "heed cannot work here yet: see what is marked with ✗."
        return (blocks + [verdict]).joined(separator: "\n\n")
    }
}

extension Checkup.Finding {
    private static let columns = 80

    fileprivate func lines(nameWidth: Int, inColor: Bool) -> [String] {
        let (mark, color) =
            switch state {
            case .present: ("✓", "32")
            case .absent: ("–", "2")
            case .missing: ("✗", essential ? "31" : "33")
            }
        let margin = inColor ? "\u{1B}[\(color)m\(mark)\u{1B}[0m" : mark
        let room = Self.columns - nameWidth - 4
        let texts = Prose.lines(detail, columns: room) + (remedy.map { Prose.lines($0, columns: room) } ?? [])
        return texts.enumerated().map { index, text in
            let start = index == 0 ? "\(margin) \(name)" : " "
            let length = index == 0 ? 2 + name.count : 1
            return start + String(repeating: " ", count: nameWidth + 4 - length) + text
        }
    }
}
