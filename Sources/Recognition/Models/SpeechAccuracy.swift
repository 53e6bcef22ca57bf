/// How many words a speech recognizer gets wrong, and on what that was measured.
public struct SpeechAccuracy: Sendable, Hashable, Codable {
    /// The words that are wrong, missing or too many, as a share of those that were said; above 1 is possible.
    public var wordErrorRate: Double
    /// The number of words that were said.
    public var words: Int
    /// What the sound was and how words were compared, in words.
    public var measured: String
}

extension SpeechAccuracy {
    /// What is wrong with it, in words; nil when it makes sense.
    func problem() -> String? {
        if !(0...100).contains(wordErrorRate) {
            return "accuracy.wordErrorRate: \(wordErrorRate) is not a share of words"
        }
        if words < 1 { return "accuracy.words: \(words) is not a number of words" }
        return nil
    }
}
