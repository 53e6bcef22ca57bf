import Foundation
import Media
import Recordings
import Units

/// Plays a recording into a gate, at its own pace, from a thread of its own.
///
/// Each sample is read before it is due, so that reading and decoding do not delay its arrival.
final class RecordingFeeder: @unchecked Sendable {  // The recording is touched by the feeding thread alone.
    /// Time between the start and the first sample, so that the first one is read before it is due.
    private static let lead = Duration.milliseconds(20)

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

    /// Starts the feeding thread; it ends with the recording, with an error, or when the gate is stopped.
    func start() {
        let thread = Thread { [self] in feed() }
        thread.name = "heed-feeder"
        thread.stackSize = 4 << 20
        thread.start()
    }

    private func feed() {
        let start = MonotonicTime.now() + Self.lead
        do {
            while let event = try recording.next() {
                let arrival = start + event.position
                if pace == .realtime { arrival.sleep() }
                let captured = pace == .realtime ? arrival : .now()
                let sample = Sample(
                    sequence: event.sequence, captured: captured, timeQuality: .scheduled,
                    deadline: captured + deadline, payload: event)
                guard gate.push(sample) else { break }
            }
            gate.close()
        } catch {
            gate.close(failure: error)
        }
    }
}

extension RecordedEvent {
    var sequence: Int {
        switch self {
        case .frame(let frame): frame.sequence
        case .damaged(let sequence, _, _, _): sequence
        }
    }

    var position: Duration {
        switch self {
        case .frame(let frame): frame.position
        case .damaged(_, let position, _, _): position
        }
    }

    var name: String? {
        switch self {
        case .frame(let frame): frame.name
        case .damaged(_, _, let name, _): name
        }
    }
}
