public import Capture
import Media
import Units

/// A camera that streams already, so that whatever is in the way of it is known before recognisers are loaded.
public struct LiveCamera: Sendable {
    /// How long a camera may take until its first stream.
    private static let patience = Duration.seconds(15)

    let camera: Camera
    /// What was agreed on with it.
    public let status: CameraStatus

    /// Opens a camera and waits until it streams.
    ///
    /// - Throws: `CaptureError` when there is no such camera, it is busy or forbidden, or offers nothing of use: a
    ///   camera that was never there is not waited for.
    public init(_ settings: CameraSettings) throws(CaptureError) {
        try self.init(waitingFor: Camera(settings), named: settings.device ?? "the camera")
    }

    /// Waits until a camera streams; `name` is what errors call it.
    @_spi(Measuring)
    public init(waitingFor camera: Camera, named name: String) throws(CaptureError) {
        self.camera = camera
        let end = MonotonicTime.now() + Self.patience
        while MonotonicTime.now() < end {
            guard case .connection(let status)? = try camera.next(within: .milliseconds(100)) else { continue }
            if status.phase == .streaming {
                self.status = status
                return
            }
            if status.phase == .waiting, let error = status.error {
                camera.stop()
                throw error
            }
        }
        camera.stop()
        throw CaptureError(.failed, "\(name): does not start to stream; unplug it and try again")
    }

    /// Its stable name, or its node where it has none.
    public var name: String { status.device.map { $0.stablePaths.first ?? $0.path } ?? "camera" }
    /// The mode in force, such as `YUYV 640×480 25/s`.
    public var mode: String { status.modeInForce }
    /// What speaks against the mode, where it is not just what was wanted; nil when nothing does.
    public var compromise: String? {
        guard let reasons = status.choice?.reasons, !reasons.isEmpty else { return nil }
        return reasons.map(\.text).joined(separator: ", ")
    }
    /// The time between two frames, by the driver.
    var interval: Duration { status.interval?.duration ?? .milliseconds(33) }
}

extension CameraStatus {
    /// The mode in force, such as `YUYV 640×480 25/s`.
    var modeInForce: String {
        guard let choice, let size else { return "no mode" }
        return "\(choice.mode.code) \(size) \(interval.map { "\($0)" } ?? "at an unknown rate")"
    }
}
