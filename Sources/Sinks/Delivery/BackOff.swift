/// How long to wait before the next try: twice as long each time, up to a bound.
public struct BackOff: Sendable, Hashable {
    /// The first wait.
    public var first: Duration
    /// The longest wait.
    public var longest: Duration
    private var next: Duration

    /// Waits from half a second to 30 s, unless told otherwise.
    public init(first: Duration = .milliseconds(500), longest: Duration = .seconds(30)) {
        self.first = first
        self.longest = longest
        next = first
    }

    /// The time to wait after one more failure.
    public mutating func failed() -> Duration {
        defer { next = min(next * 2, longest) }
        return next
    }

    /// Begins anew, after a success.
    public mutating func succeeded() { next = first }
}
