import Capture
import Media
import Units

/// Takes frames from a camera into a gate, from a thread of its own, and says what became of those that never came.
final class CameraFeeder: SampleFeeder, @unchecked Sendable {
    // The reader is touched by the feeding thread alone, until the gate is closed, this thread's last act.

    private let reader: CameraReader
    private let interval: Duration
    private let deadline: Duration
    private let gate: SampleGate<SensedFrame>

    /// Makes a feeder; `notice` takes what a person should know of the camera, a line each.
    init(
        source: LiveCamera, deadline: Duration, gate: SampleGate<SensedFrame>,
        notice: @escaping @Sendable (String) -> Void
    ) {
        reader = CameraReader(source, notice: notice)
        interval = source.interval
        self.deadline = deadline
        self.gate = gate
    }

    func start(at origin: MonotonicTime, recorder: RunRecorder?) {
        gate.feed(threadName: "heed-frames") { [self] in
            var last = (number: 0, captured: origin)
            try reader.read(from: origin, while: { !gate.isStopping }) { event in
                switch event {
                case .frame(let frame):
                    last = (frame.number, frame.captured)
                    let sample = Sample(
                        sequence: frame.number, captured: frame.captured, arrived: frame.arrived,
                        timeQuality: frame.timeQuality, deadline: frame.captured + deadline,
                        payload: SensedFrame(frame: frame.frame))
                    // A frame that the run does not take any more is not of its recording.
                    if gate.push(sample) { recorder?.append(event) }
                case .missing(let missing, _):
                    recorder?.append(event)
                    let results = FrameStage.results(
                        of: missing, after: last.number, due: last.captured + interval, deadline: deadline)
                    for result in results { gate.settle(result) }
                }
            }
        }
    }

    func describe(in summary: inout Summary) { summary.camera = reader.summary }
}
