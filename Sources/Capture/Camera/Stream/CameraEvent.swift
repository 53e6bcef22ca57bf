public import Media

/// What a camera has to tell, in the order in which it happened.
public enum CameraEvent: Sendable {
    /// A frame to recognise.
    case frame(CapturedFrame)
    /// A good frame that nobody took in time, or for which no memory was free.
    case superseded(number: Int, captured: MonotonicTime)
    /// A frame whose picture is of no use.
    case damaged(number: Int, captured: MonotonicTime, FrameDamage)
    /// Frames that the driver counted and did not deliver.
    case lost(first: Int, count: Int)
    /// The camera was away, between the last frame and the next; `count` is what it would have delivered meanwhile.
    case outage(first: Int, count: Int, from: MonotonicTime, to: MonotonicTime)
    /// Events that nobody took in time: how many frames they stood for.
    case uncounted(superseded: Int, damaged: Int, lost: Int)
    /// The connection has come to another phase.
    case connection(CameraStatus)
    /// It is over; nothing comes after it.
    case ended
}

/// How frames are kept for whoever takes them.
public enum FrameKeeping: Sendable, Hashable {
    /// Only the newest waits: the ones before it are superseded.
    case newest
    /// All wait, as long as there is memory for them.
    case all
}
