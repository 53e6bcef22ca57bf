public import Media

/// What a camera has to tell, in the order in which it happened.
public enum CameraEvent: Sendable {
    /// A frame to recognise.
    case frame(CapturedFrame)
    /// Frames that are not there, and why. Those of which only counts are known were told by events that nobody took.
    case missing(MissingFrames)
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
