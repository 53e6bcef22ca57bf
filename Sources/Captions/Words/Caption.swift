/// One step of the captions: what is now certain, and what is still a guess.
public struct Caption: Sendable, Hashable {
    /// Words that became certain with this step, to be added to those before. They never change afterwards.
    public var committed: [Word]
    /// Words that may still change. They replace the unconfirmed words of the step before.
    public var unconfirmed: [Word]

    /// Makes a step.
    public init(committed: [Word] = [], unconfirmed: [Word] = []) {
        self.committed = committed
        self.unconfirmed = unconfirmed
    }
}

extension Sequence where Element == Word {
    /// The words as one line, a blank between each two.
    public var text: String { map(\.text).joined(separator: " ") }
}
