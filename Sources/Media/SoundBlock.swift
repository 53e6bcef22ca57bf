/// Sound as it was captured.
public struct SoundBlock: Sendable, Hashable {
    /// The number of its first frame; frames that are missing count.
    public var position: Int64
    /// How many frames it has.
    public var frames: Int
    /// When its first frame was captured, by the line through the card's stamps.
    public var captured: MonotonicTime
    /// Where the newest of those stamps came from.
    public var timeQuality: TimeQuality
    /// Frames a second by `CLOCK_MONOTONIC`, as far as is known: within the block, time goes on at this rate.
    public var rate: Double
    /// The samples, in the microphone's format.
    public var bytes: [UInt8]

    /// Makes a block.
    public init(
        position: Int64, frames: Int, captured: MonotonicTime, timeQuality: TimeQuality, rate: Double, bytes: [UInt8]
    ) {
        self.position = position
        self.frames = frames
        self.captured = captured
        self.timeQuality = timeQuality
        self.rate = rate
        self.bytes = bytes
    }
}
