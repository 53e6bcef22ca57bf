import Foundation
import Media
import Recordings
import Units

/// Plays a recording into a gate, at its own pace, from a thread of its own.
///
/// Each sample is read before it is due, so that reading and decoding do not delay its arrival.
final class RecordingFeeder: @unchecked Sendable {
    // The recording is touched by the feeding thread alone: its owner hands it over with `start`, and waits for the gate
    // to close, this thread's last act, before it does anything else with it.

    /// Time between the start and the first sample, so that the first one is read before it is due.
    private static let lead = Duration.milliseconds(20)
    /// How long a wait may go on without asking whether the run is to end.
    private static let longestSleep = Duration.milliseconds(50)

    private let recording: Recording
    private let pace: PipelineConfiguration.Pace
    private let deadline: Duration
    private let gate: SampleGate

    init(recording: Recording, pace: PipelineConfiguration.Pace, deadline: Duration, gate: SampleGate) {
        self.recording = recording
        self.pace = pace
        self.deadline = deadline
        self.gate = gate
    }

    /// Starts the feeding thread; it ends with the recording, with an error, or when the gate is stopped, and closes
    /// the gate.
    func start() {
        let thread = Thread { [self] in
            do {
                try feed()
                gate.close()
            } catch {
                gate.close(failure: error)
            }
        }
        thread.name = "heed-feeder"
        thread.stackSize = 4 << 20
        thread.start()
    }

    private func feed() throws {
        let start = MonotonicTime.now() + Self.lead
        while let event = try recording.next() {
            var captured = start + event.position
            if pace == .realtime { waitUntil(captured) } else { captured = .now() }
            let sample = Sample(
                sequence: event.sequence, captured: captured, timeQuality: .scheduled, deadline: captured + deadline,
                payload: event)
            guard gate.push(sample) else { break }
        }
    }

    private func waitUntil(_ moment: MonotonicTime) {
        while !gate.isStopping {
            let now = MonotonicTime.now()
            if now >= moment { return }
            min(moment, now + Self.longestSleep).sleep()
        }
    }
}
