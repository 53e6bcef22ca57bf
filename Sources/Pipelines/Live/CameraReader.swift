import Capture
import Logging
import Media
import Units

/// Reads a camera for a run: from the run's origin on, its frames numbered from 0, and tells a person what becomes of
/// it.
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
    private let returns: EventCount
    private let logger: Logger
    private var news: CameraNews
    private var status: CameraStatus
    /// The camera's number of the run's first frame, whether it came or not; nil before that.
    private var first: Int?
    /// How many frames came, and when the first and the newest one were captured.
    private var came = (count: 0, first: MonotonicTime(nanoseconds: 0), last: MonotonicTime(nanoseconds: 0))

    /// Makes a reader; `returns` counts how often the camera came back, `logger` is told what a person should know of
    /// it.
    init(_ source: LiveCamera, returns: EventCount = EventCount(), logger: Logger) {
        self.source = source
        self.returns = returns
        self.logger = logger.with("device", source.name)
        status = source.status
        news = CameraNews(source.status)
    }

    /// How long a camera may take to stop: longer than its own patience with frames that are lent.
    private static let patience = Duration.seconds(3)

    /// Hands on what comes until it is no longer wanted, then stops the camera and hands on what came until then.
    ///
    /// Throws what `handle` throws, and `CaptureError` when what the camera's thread leaves cannot be waited for.
    func read(from origin: MonotonicTime, while isWanted: () -> Bool, _ handle: (Event) throws -> Void) throws {
        defer { source.camera.stop() }
        if let line = status.priority.notice { logger.warning("\(source.name): \(line)") }
        while isWanted() {
            guard let event = try source.camera.next(within: .milliseconds(50)) else { continue }
            if case .ended = event { return }
            try take(event, of: origin...MonotonicTime(nanoseconds: .max), handle)
        }
        let end = MonotonicTime.now()
        source.camera.stop()
        while let event = try source.camera.next(within: end + Self.patience - .now()) {
            switch event {
            case .ended: return
            // That it stops is no news.
            case .connection: continue
            case .frame, .missing: try take(event, of: origin...end, handle)
            }
        }
    }

    /// Hands on an event of the run; frames captured outside its times are not of it.
    private func take(
        _ event: CameraEvent, of times: ClosedRange<MonotonicTime>, _ handle: (Event) throws -> Void
    ) throws {
        switch event {
        case .ended: break
        case .connection(let status):
            if status.phase == .streaming { self.status = status }
            let wasAway = news.isAway
            if let line = news.take(status) { logger.log(level: news.isAway ? .warning : .notice, "\(line)") }
            if wasAway, !news.isAway { returns.add() }
        case .frame(let frame):
            // The first decides: a stamp may be off by a little.
            if first == nil, frame.captured < times.lowerBound { return }
            if frame.captured > times.upperBound { return }
            try handle(.frame(take(frame)))
        case .missing(let missing):
            guard let missing = first == nil ? missing.since(times.lowerBound) : missing else { return }
            let first = first ?? missing.number ?? 0
            self.first = first
            try handle(.missing(missing.moved(numbers: -first), arrived: .now()))
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

extension MissingFrames {
    /// Those of them that were captured from `start` on; nil where none was, or nothing says when they were.
    fileprivate func since(_ start: MonotonicTime) -> MissingFrames? {
        switch self {
        case .damaged(_, let captured, _), .superseded(_, let captured): return captured >= start ? self : nil
        case .outage(let first, let count, let from, let to):
            guard from < start else { return self }
            // They would have come evenly.
            let kept = to > start ? Int(Double(count) * ((to - start) / (to - from))) : 0
            return kept > 0 ? .outage(first: first + count - kept, count: kept, from: start, to: to) : nil
        case .lost, .uncounted: return nil
        }
    }

    /// The number of the first of them; nil where it is not known.
    fileprivate var number: Int? {
        switch self {
        case .lost(let first, _, _), .outage(let first, _, _, _): first
        case .damaged(let number, _, _), .superseded(let number, _): number
        case .uncounted: nil
        }
    }
}
