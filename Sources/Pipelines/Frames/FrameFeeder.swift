import Media
import Recordings
import Units

/// Plays a recording into a gate, at its own pace, from a thread of its own.
///
/// Each sample is read before it is due, so that reading and decoding do not delay its arrival.
final class FrameFeeder: SampleFeeder, @unchecked Sendable {
    // The recording is touched by the feeding thread alone: its owner hands it over with `start`, and waits for the
    // gate to close, this thread's last act, before it does anything else with it.

    private let recording: Recording
    private let pace: PipelineConfiguration.Pace
    /// From one frame to the next.
    private let interval: Duration
    private let deadline: StreamDeadline
    private let playhead: Playhead
    private let gate: SampleGate<SensedFrame>

    init(
        recording: Recording, pace: PipelineConfiguration.Pace, interval: Duration, deadline: StreamDeadline,
        playhead: Playhead, gate: SampleGate<SensedFrame>
    ) {
        self.recording = recording
        self.pace = pace
        self.interval = interval
        self.deadline = deadline
        self.playhead = playhead
        self.gate = gate
    }

    /// Starts the feeding thread; it ends with the recording, with an error, or when the gate is stopped, and closes
    /// the gate.
    func start(at origin: MonotonicTime, recorder _: RunRecorder?) {
        gate.feed(threadName: "heed-frames") { [self] in try feed(from: origin) }
    }

    private func feed(from origin: MonotonicTime) throws {
        var last = (number: 0, captured: origin)
        while let event = try recording.next() {
            let start = playhead.pass(event.arrival, gate)
            if gate.isStopping { break }
            let deadline = deadline.value
            let captured = pace.isTimed ? start + event.position : .now()
            if case .missing(let missing, _) = event {
                // What is missing was noted on the clock of the run that was recorded.
                let moved = recording.origin.map { missing.moved(times: start - $0) } ?? missing
                let results = FrameStage.results(
                    of: moved, after: last.number, due: last.captured + interval, deadline: deadline)
                for result in results where !gate.isStopping { gate.settle(result) }
            }
            guard let payload = SensedFrame(event) else { continue }
            last = (event.sequence, captured)
            let sample = Sample(
                sequence: event.sequence, captured: captured, arrived: pace.isTimed ? gate.now : nil,
                timeQuality: .scheduled, deadline: captured + deadline,
                payload: payload)
            guard gate.push(sample) else { break }
        }
    }
}
