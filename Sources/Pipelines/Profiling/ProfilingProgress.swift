import Alert
import Units

/// How far measuring is.
public struct ProfilingProgress: Sendable, Hashable {
    /// The share that is done, 0…1.
    public var share: Double
    /// How long the rest takes at most, as far as runs so far tell; nil before every candidate has run.
    public var timeLeft: Duration?
}
