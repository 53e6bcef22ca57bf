import Capture
import Logging
import Media
import Units

/// Takes frames from a camera into a gate, from a thread of its own, and says what became of those that never came.
final class CameraFeeder: SampleFeeder, @unchecked Sendable {
    // The reader is touched by the feeding thread alone, until the gate is closed, this thread's last act.

    private let reader: CameraReader
    /// From one frame to the next.
    private let interval: Duration
    private let deadline: StreamDeadline
    private let gate: SampleGate<SensedFrame>

    /// Makes a feeder; `returns` counts how often the camera came back, `logger` is told what a person should know
    /// of it.
    init(
        source: LiveCamera, interval: Duration, deadline: StreamDeadline, gate: SampleGate<SensedFrame>,
        returns: EventCount, logger: Logger
    ) {
        reader = CameraReader(source, returns: returns, logger: logger)
        self.interval = interval
        self.deadline = deadline
        self.gate = gate
    }

    func start(at origin: MonotonicTime, recorder: RunRecorder?) {
        gate.feed(threadName: "heed-frames") { [self] in
            var last = (number: 0, captured: origin)
            try reader.read(from: origin, while: { !gate.isStopping }) { event in
                recorder?.append(event)
                switch event {
                case .frame(let frame):
                    last = (frame.number, frame.captured)
                    let sample = Sample(
                        sequence: frame.number, captured: frame.captured, arrived: frame.arrived,
                        timeQuality: frame.timeQuality, deadline: frame.captured + deadline.value,
                        payload: SensedFrame(frame: frame.frame))
                    // What came before the run is ended is of it, though it is taken a moment later.
                    _ = gate.push(sample, completes: true)
                case .missing(let missing, _):
                    let results = FrameStage.results(
                        of: missing, after: last.number, due: last.captured + interval, deadline: deadline.value)
                    for result in results { gate.settle(result) }
                }
            }
        }
    }

    func describe(in summary: inout Summary) { summary.camera = reader.summary }
}
