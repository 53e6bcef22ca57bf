/// One budget of time that several inputs share: the words of a sentence, the partials and the final of an utterance.
///
/// The next input's deadline is what is left of the budget over the inputs that remain, so that a slow one shrinks what
/// the later ones get and a fast one gives to them (ALERT, arXiv 1911.00119: deadlines of grouped inputs).
public struct GroupDeadline: Sendable, Hashable {
    /// The time not yet spent; below zero when the group is late.
    public private(set) var left: Duration
    /// The inputs not yet finished.
    public private(set) var remaining: Int

    /// Makes a group; a negative count is none.
    public init(budget: Duration, inputs: Int) {
        left = budget
        remaining = max(0, inputs)
    }

    /// The deadline of the next input; zero when nothing is left, `nil` when no input remains.
    public var next: Duration? { remaining > 0 ? max(.zero, left / remaining) : nil }

    /// Takes in that one input was finished. One more than the group had changes the time left only.
    public mutating func finish(taking time: Duration) {
        left -= time
        remaining = max(0, remaining - 1)
    }

    /// Lets a group grow, as an utterance does whose length is not known before.
    public mutating func add(inputs: Int, budget: Duration) {
        left += budget
        remaining = max(0, remaining + inputs)
    }
}
