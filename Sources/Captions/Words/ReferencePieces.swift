/// Cuts a text that is known as a whole into the pieces that were said in each of several utterances.
public enum ReferencePieces {
    /// The words of `reference` that belong to each utterance, by what was `heard` in it: such that turning all that
    /// was heard into the reference takes the fewest changes (Levenshtein), every word of it in just one piece.
    ///
    /// Of equal cuts the one is taken that leaves more words to earlier utterances. Time and memory grow with the
    /// product of the lengths.
    public static func cut(_ reference: [String], as heard: [[String]]) -> [[String]] {
        guard !heard.isEmpty else { return [] }
        let words = heard.flatMap(\.self)
        let width = reference.count + 1
        // The fewest changes from the words so far to the reference so far.
        var changes = [Int32](repeating: 0, count: (words.count + 1) * width)
        for column in 0..<width { changes[column] = Int32(column) }
        for row in 1..<words.count + 1 {
            changes[row * width] = Int32(row)
            for column in 1..<max(width, 1) {
                let differs: Int32 = words[row - 1] == reference[column - 1] ? 0 : 1
                let place = row * width + column
                changes[place] = min(
                    changes[place - width - 1] + differs, changes[place - width] + 1, changes[place - 1] + 1)
            }
        }
        // Back from the end: where the way crosses from one utterance into the one before, there is a cut.
        var cuts = [Int](repeating: 0, count: heard.count) + [reference.count]
        var (row, column) = (words.count, reference.count)
        for utterance in heard.indices.reversed() {
            let first = row - heard[utterance].count
            while row > first {
                let place = row * width + column
                let isSame = column > 0 && words[row - 1] == reference[column - 1]
                if column > 0, changes[place] == changes[place - width - 1] + (isSame ? 0 : 1) {
                    (row, column) = (row - 1, column - 1)
                } else if changes[place] == changes[place - width] + 1 {
                    row -= 1
                } else {
                    column -= 1
                }
            }
            cuts[utterance] = utterance == 0 ? 0 : column
        }
        return heard.indices.map { Array(reference[cuts[$0]..<cuts[$0 + 1]]) }
    }
}
