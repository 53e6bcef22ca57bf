public import Media

/// A driver of frames in this process, in the place of the kernel's: what measurements feed a capture thread from.
///
/// Buffers go the way of a kernel's: queued, filled, dequeued, queued again. All calls come from the capture thread.
@_spi(Measuring)
public protocol FrameDriver: AnyObject, Sendable {
    /// What it streams: an uncompressed format whose rows have no padding.
    var mode: CameraMode { get }
    /// The buffers that it fills, at most 64; they stay where they are for as long as the driver lives.
    var buffers: [UnsafeMutableRawBufferPointer] { get }
    /// A file that can be read from while a filled buffer waits.
    var file: Int32 { get }
    /// Takes buffer `index`, to fill it.
    func queue(_ index: Int)
    /// Gives the oldest filled buffer; nil when none waits. Does not block.
    func dequeue() -> FilledBuffer?
    /// Starts the stream.
    func start()
    /// Ends the stream; what is queued belongs to nobody then.
    func stop()
}

/// A buffer that a `FrameDriver` has filled.
@_spi(Measuring)
public struct FilledBuffer: Hashable, Sendable {
    /// Which of the driver's buffers it is.
    public var index: Int
    /// The frame's number; the numbers left out are those of lost frames.
    public var sequence: UInt32
    /// When the picture was whole.
    public var captured: MonotonicTime

    /// Makes a filled buffer.
    public init(index: Int, sequence: UInt32, captured: MonotonicTime) {
        self.index = index
        self.sequence = sequence
        self.captured = captured
    }
}
