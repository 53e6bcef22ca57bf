/// How many words a speech recognizer gets wrong, and on what that was measured.
public struct SpeechAccuracy: Sendable, Hashable, Codable {
    /// The words that are wrong, missing or too many, as a share of those that were said; above 1 is possible.
    public var wordErrorRate: Double
    /// The number of words that were said.
    public var words: Int
    /// What the sound was and how words were compared, in words.
    public var measured: String
    /// The share of wrong words instead where numbers are computed in another precision, by its name such as `bf16`, as
    /// far as that was measured.
    public var precisions: [String: Double]?

    /// The share of words to expect wrong, computed in this precision.
    public func expected(in precision: Precision) -> Double { precisions?[precision.rawValue] ?? wordErrorRate }
}

extension SpeechAccuracy {
    /// What is wrong with it, in words; nil when it makes sense.
    func problem() -> String? {
        if !(0...100).contains(wordErrorRate) {
            return "accuracy.wordErrorRate: \(wordErrorRate) is not a share of words"
        }
        for (name, rate) in (precisions ?? [:]).sorted(by: { $0.key < $1.key }) {
            if Precision(rawValue: name) == nil { return "accuracy.precisions: \"\(name)\" is no precision" }
            if !(0...100).contains(rate) { return "accuracy.precisions.\(name): \(rate) is not a share of words" }
        }
        if words < 1 { return "accuracy.words: \(words) is not a number of words" }
        return nil
    }
}
