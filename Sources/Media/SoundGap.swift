/// Sound that is missing.
public struct SoundGap: Sendable, Hashable {
    /// Why it is missing.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// It was not read before the driver's buffer was full.
        case overrun
        /// The machine or the card slept.
        case suspended
        /// The card failed and was started anew.
        case failed
        /// The card was gone.
        case disconnected
        /// The card's own count of samples jumped.
        case skipped
        /// It was read, but its reader had no room left.
        case readerTooSlow
    }

    /// Why it is missing; the first reason, when one follows another at once.
    public var reason: Reason
    /// The number of the first missing frame.
    public var position: Int64
    /// How many frames are missing.
    public var frames: Int64
    /// When the first missing frame was captured.
    public var begins: MonotonicTime
    /// How long the sound is missing.
    public var duration: Duration

    /// Makes a gap.
    public init(reason: Reason, position: Int64, frames: Int64, begins: MonotonicTime, duration: Duration) {
        self.reason = reason
        self.position = position
        self.frames = frames
        self.begins = begins
        self.duration = duration
    }
}
