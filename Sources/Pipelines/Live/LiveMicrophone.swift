public import Capture
import Media

/// A microphone that is open, and its name.
public struct LiveMicrophone: Sendable {
    let microphone: Microphone
    /// alsa-lib's name of it.
    public let name: String
    /// What it gives, in words, such as `48000 Hz, 1 channel, signed16`.
    public var format: String { "\(microphone.format)" }

    /// Opens a microphone; it captures nothing before the run starts.
    ///
    /// - Throws: `CaptureError` when there is none, or it is busy or forbidden.
    public init(_ configuration: MicrophoneConfiguration) throws(CaptureError) {
        microphone = try Microphone(configuration)
        name = configuration.device
    }
}
