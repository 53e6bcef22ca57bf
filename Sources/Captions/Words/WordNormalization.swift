/// Words as they are compared: case and punctuation put aside.
///
/// - Letters are lower case; accents stay.
/// - Apostrophes stay inside a word (`don't`, whichever apostrophe is written) and go at its edges (`'tis`, `dogs'`).
/// - A full stop goes without parting a word (`p.m.` → `pm`), but that of a decimal stays (`3.5`); a comma between
///   digits goes too (`1,000` → `1000`).
/// - All else that is neither letter nor digit parts words: `well-known` is two.
public enum WordNormalization {
    /// The words of a text.
    public static func words(_ text: some StringProtocol) -> [String] {
        var words: [String] = []
        var word = ""
        let characters = Array(text)
        for (index, character) in characters.enumerated() {
            let before = index > 0 ? characters[index - 1] : " "
            let after = index + 1 < characters.count ? characters[index + 1] : " "
            if character.isLetter || character.isNumber {
                word += character.lowercased()
            } else if apostrophes.contains(character), !word.isEmpty, before.isLetter, after.isLetter {
                word.append("'")
            } else if character == ".", before.isNumber, after.isNumber {
                word.append(".")
            } else if character == "." || apostrophes.contains(character) {
                continue
            } else if character == ",", before.isNumber, after.isNumber {
                continue
            } else if !word.isEmpty {
                words.append(word)
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// One written word as a key to compare by: its parts without what parts them. Empty if there is no letter or
    /// digit.
    static func key(_ text: String) -> String { words(text).joined() }

    private static let apostrophes: Set<Character> = ["'", "’", "ʼ", "‘", "＇"]
}
