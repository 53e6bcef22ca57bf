import Capture
import Media
import Units

/// Reads a camera for a run: from the run's origin on, its frames numbered from 0, and tells a person what becomes of it.
///
/// Belongs to the thread that reads.
final class CameraReader {
    /// What the camera gave.
    enum Event {
        /// A frame.
        case frame(CapturedFrame)
        /// Frames that are not there, as heed knew at `arrived`.
        case missing(MissingFrames, arrived: MonotonicTime)
    }

    private let source: LiveCamera
    private let notice: @Sendable (String) -> Void
    private var news: CameraNews
    private var status: CameraStatus
    /// The camera's number of the run's first frame; nil before that.
    private var first: Int?
    /// How many frames came, and when the first and the newest one were captured.
    private var came = (count: 0, first: MonotonicTime(nanoseconds: 0), last: MonotonicTime(nanoseconds: 0))

    /// Makes a reader; `notice` takes what a person should know of the camera, a line each.
    init(_ source: LiveCamera, notice: @escaping @Sendable (String) -> Void) {
        self.source = source
        self.notice = notice
        status = source.status
        news = CameraNews(source.status)
    }

    /// Hands on what comes until it is no longer wanted, then stops the camera.
    ///
    /// Throws what `handle` throws, and `CaptureError` when the camera's thread cannot be waited for.
    func read(from origin: MonotonicTime, while isWanted: () -> Bool, _ handle: (Event) throws -> Void) throws {
        defer { source.camera.stop() }
        if let line = status.priority.notice { notice("\(source.name): \(line)") }
        while isWanted() {
            switch try source.camera.next(within: .milliseconds(50)) {
            case nil: continue
            case .ended?: return
            case .connection(let status)?:
                if status.phase == .streaming { self.status = status }
                if let line = news.take(status) { notice(line) }
            case .frame(let frame)?:
                // What the camera saw before the run began is not of the run.
                if first == nil, frame.captured < origin { continue }
                try handle(.frame(take(frame)))
            case .missing(let missing)?:
                guard let first else { continue }
                try handle(.missing(missing.moved(numbers: -first), arrived: .now()))
            }
        }
    }

    /// What is known of the camera by now.
    var summary: Summary.Camera {
        let seconds = (came.last - came.first).seconds
        return Summary.Camera(
            device: source.name, mode: status.modeInForce,
            rate: came.count > 1 && seconds > 0 ? (Double(came.count - 1) / seconds).rounded(decimals: 3) : nil,
            priority: "\(status.priority)")
    }

    private func take(_ frame: CapturedFrame) -> CapturedFrame {
        if came.count == 0 { came.first = frame.captured }
        came.last = frame.captured
        came.count += 1
        let first = first ?? frame.number
        self.first = first
        return CapturedFrame(
            number: frame.number - first, captured: frame.captured, timeQuality: frame.timeQuality,
            arrived: frame.arrived, frame: frame.frame)
    }
}
