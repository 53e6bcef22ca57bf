/// A stretch of sound that was not transcribed. Captions show it, so that it is never taken for silence.
public struct Gap: Sendable, Hashable, CustomStringConvertible {
    /// Where the stretch begins on the audio timeline.
    public var start: Duration
    /// How long it is.
    public var length: Duration
    /// Where it ends.
    public var end: Duration { start + length }

    /// Makes a gap; a negative length counts as none.
    public init(start: Duration, length: Duration) {
        self.start = start
        self.length = max(.zero, length)
    }

    /// The gap as captions show it: `[gap 1.2 s]`.
    public var description: String { "[gap \(TimeText.seconds(length))]" }
}
