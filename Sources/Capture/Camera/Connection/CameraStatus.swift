/// Where a camera's connection stands, and why.
public struct CameraStatus: Sendable {
    /// The phase.
    public let phase: CameraConnection.Phase
    /// Why the last stream ended; nil while one runs, and until one has.
    public let loss: CameraConnection.Loss?
    /// What is in the way now, with what to do; nil while nothing is.
    public let error: CaptureError?
    /// The camera, once it was found.
    public let device: CameraNode?
    /// The mode in force, and why it was chosen; nil until one was.
    public let choice: ModeChoice?
    /// The interval in force; nil where the driver does not tell.
    public let interval: FrameInterval?
    /// The size in force, which the driver may have changed.
    public let size: PictureSize?
    /// How urgently the capture thread runs.
    public let priority: ThreadPriority
}
