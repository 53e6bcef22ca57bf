/// How far a transcript is from a reference: the least count of words to change, leave out and add.
///
/// WER = (substitutions + deletions + insertions) / words of the reference. Counts of several files add up with `+`, so
/// that the rate of a set weighs each word alike.
public struct WordErrorRate: Sendable, Hashable, Codable {
    /// Words of the reference that were heard as another word.
    public var substitutions: Int
    /// Words of the reference that are missing.
    public var deletions: Int
    /// Words that the reference does not have.
    public var insertions: Int
    /// The words of the reference.
    public var words: Int

    /// All errors together.
    public var errors: Int { substitutions + deletions + insertions }
    /// The errors a word of the reference, 0 at best and above 1 at worst; `nil` when the reference has no words.
    public var value: Double? { words > 0 ? Double(errors) / Double(words) : nil }

    /// Makes a tally.
    public init(substitutions: Int = 0, deletions: Int = 0, insertions: Int = 0, words: Int = 0) {
        self.substitutions = substitutions
        self.deletions = deletions
        self.insertions = insertions
        self.words = words
    }

    /// Compares two texts, case and punctuation put aside (`WordNormalization`).
    public init(reference: some StringProtocol, transcript: some StringProtocol) {
        self.init(
            reference: WordNormalization.words(reference), transcript: WordNormalization.words(transcript))
    }

    /// Compares two texts word by word as they are (Levenshtein). Time grows with the product of the lengths, memory
    /// with the transcript's.
    public init(reference: [String], transcript: [String]) {
        // Words as numbers, so that the inner loop compares integers.
        var numbers: [String: Int] = [:]
        func number(_ word: String) -> Int {
            if let known = numbers[word] { return known }
            numbers[word] = numbers.count
            return numbers.count - 1
        }
        let reference = reference.map(number)
        let transcript = transcript.map(number)

        // Row by row through the edit table: each cell is the best way to turn the reference so far into the transcript
        // so far.
        var row = (0...transcript.count).map { WordErrorRate(insertions: $0) }
        for expected in reference {
            var diagonal = row[0]
            row[0].deletions += 1
            for column in transcript.indices {
                var best = diagonal
                if transcript[column] != expected { best.substitutions += 1 }
                var other = row[column + 1]
                diagonal = other
                other.deletions += 1
                if other.errors < best.errors { best = other }
                other = row[column]
                other.insertions += 1
                if other.errors < best.errors { best = other }
                row[column + 1] = best
            }
        }
        self = row[transcript.count]
        self.words = reference.count
    }

    /// The tally of two files together.
    public static func + (a: WordErrorRate, b: WordErrorRate) -> WordErrorRate {
        WordErrorRate(
            substitutions: a.substitutions + b.substitutions, deletions: a.deletions + b.deletions,
            insertions: a.insertions + b.insertions, words: a.words + b.words)
    }

    /// Adds another file's tally.
    public static func += (a: inout WordErrorRate, b: WordErrorRate) { a = a + b }
}
