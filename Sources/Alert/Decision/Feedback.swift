/// What a person or a program says of an answer.
public enum Feedback: String, Sendable, Hashable, Codable, CaseIterable {
    /// The answer was of use.
    case good
    /// The answer was wrong, late or cost too much.
    case bad
}

/// A policy that learns from what is said of its answers.
public protocol FeedbackPolicy: Policy {
    /// Learns from what is said of the last answer: that of the last candidate that was decided and observed.
    ///
    /// Said twice of one answer the later counts for nothing, as does what is said before there was an answer.
    mutating func learn(_ feedback: Feedback)
}
