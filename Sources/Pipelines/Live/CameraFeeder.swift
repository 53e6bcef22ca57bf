import Capture
import Media
import Units

/// Takes frames from a camera into a gate, from a thread of its own, and says what became of those that never came.
final class CameraFeeder: SampleFeeder, @unchecked Sendable {
    // All mutable state is touched by the feeding thread alone, until the gate is closed, this thread's last act.

    private let source: LiveCamera
    private let deadline: Duration
    private let gate: SampleGate<SensedFrame>
    private let notice: @Sendable (String) -> Void
    private var news: CameraNews
    /// The camera's number of the run's first frame, and when the newest one was captured; nil before any.
    private var first: Int?
    private var last = MonotonicTime(nanoseconds: 0)
    /// How many frames came, from when on.
    private var came = (count: 0, since: MonotonicTime(nanoseconds: 0))
    private var status: CameraStatus

    /// Makes a feeder; `notice` takes what a person should know of the camera, a line each.
    init(
        source: LiveCamera, deadline: Duration, gate: SampleGate<SensedFrame>,
        notice: @escaping @Sendable (String) -> Void
    ) {
        self.source = source
        self.deadline = deadline
        self.gate = gate
        self.notice = notice
        status = source.status
        news = CameraNews(source.status)
    }

    func start(at origin: MonotonicTime) {
        last = origin
        if let line = status.priority.notice { notice("\(source.name): \(line)") }
        gate.feed(threadName: "heed-frames") { [self] in
            defer { source.camera.stop() }
            while !gate.isStopping {
                guard let event = try source.camera.next(within: .milliseconds(50)) else { continue }
                if case .ended = event { return }
                handle(event, since: origin)
            }
        }
    }

    func describe(in summary: inout Summary) {
        let seconds = (last - came.since).seconds
        summary.camera = Summary.Camera(
            device: source.name, mode: status.modeInForce,
            rate: came.count > 1 && seconds > 0 ? (Double(came.count - 1) / seconds).rounded(decimals: 3) : nil,
            priority: "\(status.priority)")
    }

    private func handle(_ event: CameraEvent, since origin: MonotonicTime) {
        // What the camera saw before the run began is not of the run.
        if case .frame(let frame) = event, frame.captured >= origin, first == nil { first = frame.number }
        if case .connection(let status) = event {
            if status.phase == .streaming { self.status = status }
            news.take(status).map(notice)
        }
        guard let first else { return }
        switch event {
        case .frame(let captured):
            last = captured.captured
            if came.count == 0 { came.since = last }
            came.count += 1
            let sample = Sample(
                sequence: captured.number - first, captured: captured.captured, timeQuality: captured.timeQuality,
                deadline: captured.captured + deadline, payload: SensedFrame(frame: captured.frame))
            _ = gate.push(sample)
        case .superseded(let number, let captured):
            settle(number, 1, .superseded, at: captured, "it was not read before newer ones came")
        case .damaged(let number, let captured, let damage):
            settle(number, 1, .failed, at: captured, damage.words)
        case .lost(let number, let count):
            settle(number, count, .lost, at: last + source.interval, "the camera's driver lost it")
        case .outage(let number, let count, let from, let to):
            settle(number, count, .lost, at: from + source.interval, "the camera was away for \((to - from).words)")
        case .uncounted(let superseded, let damaged, let lost):
            settleUncounted(superseded, .superseded)
            settleUncounted(damaged, .failed)
            settleUncounted(lost, .lost)
        case .connection, .ended: break
        }
    }

    private func settle(
        _ number: Int, _ count: Int, _ outcome: Outcome, at captured: MonotonicTime, _ reason: String
    ) {
        guard let first, count > 0 else { return }
        gate.settle(
            FrameStage.missing(
                sequence: number - first, count: count, captured: captured, deadline: deadline, outcome: outcome,
                reason: reason))
    }

    /// Frames of which only the number is known: too many came while nobody took any.
    private func settleUncounted(_ count: Int, _ outcome: Outcome) {
        settle(first ?? 0, count, outcome, at: last, "too much came at once to say more of it")
    }
}

extension FrameDamage {
    /// What is wrong, in words.
    var words: String {
        switch self {
        case .flagged: "the camera's driver says that the picture may be corrupt"
        case .truncated: "the picture is cut off: the camera sent too few bytes"
        }
    }
}
