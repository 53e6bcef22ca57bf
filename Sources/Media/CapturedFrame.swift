/// A frame from a camera.
public struct CapturedFrame: Sendable {
    /// Its number; the first is 0, and one that is missing was lost, damaged or superseded and told as such.
    public let number: Int
    /// When it was captured.
    public let captured: MonotonicTime
    /// How far `captured` can be trusted.
    public let timeQuality: TimeQuality
    /// When it reached heed.
    public let arrived: MonotonicTime
    /// The picture. Let go of it soon: while it lives, the camera has one buffer less.
    public let frame: Frame

    /// Makes a captured frame.
    public init(
        number: Int, captured: MonotonicTime, timeQuality: TimeQuality, arrived: MonotonicTime, frame: Frame
    ) {
        self.number = number
        self.captured = captured
        self.timeQuality = timeQuality
        self.arrived = arrived
        self.frame = frame
    }
}
