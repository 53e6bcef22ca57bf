import Captions
import Media
import Recordings
import Units

/// Listens to a recording's sound at its own pace, from a thread of its own, and asks for words: partial ones while
/// somebody speaks, final ones at the end of each utterance.
final class SpeechFeeder: @unchecked Sendable {
    // All state is touched by the feeding thread alone: the owner hands it over with `start`, and waits for the gate to
    // close, this thread's last act, before it does anything else with it.

    /// Sound is heard in pieces of this: one frame of the voice activity detector.
    private static let piece = 512

    private let recording: AudioRecording
    private let finder: UtteranceFinder
    private let pace: PipelineConfiguration.Pace
    private let deadline: Duration
    private let gate: SampleGate<SpeechTask>
    private let progress: SpeechPace
    private var planner: HopPlanner
    private var start = MonotonicTime(nanoseconds: 0)
    /// Up to where sound was heard.
    private var heard = Duration.zero
    private var sequence = 0
    private var utterance = 0
    /// Whether the open utterance is known to the planner.
    private var isPlanned = false
    /// Up to where voice was decoded.
    private var decodedVoice = Duration.zero

    init(
        recording: AudioRecording, finder: UtteranceFinder, planner: HopPlanner.Configuration,
        pace: PipelineConfiguration.Pace, deadline: Duration, gate: SampleGate<SpeechTask>, progress: SpeechPace
    ) {
        self.recording = recording
        self.finder = finder
        self.planner = HopPlanner(planner)
        self.pace = pace
        self.deadline = deadline
        self.gate = gate
        self.progress = progress
    }

    /// Starts the feeding thread; it ends with the recording, with an error, or when the gate is stopped, and closes the
    /// gate. The recording begins at `start`.
    func start(at start: MonotonicTime) {
        self.start = start
        gate.feed(threadName: "heed-sound") { [self] in try feed() }
    }

    private func feed() throws {
        var failure: (any Error)?
        do {
            while !gate.isStopping, let block = try recording.next() {
                for piece in block.pieces(of: Self.piece) where !gate.isStopping {
                    if pace == .realtime { gate.wait(until: start + piece.end) }
                    // Sound that has not come yet when the run is ended is not heard.
                    if gate.isStopping { break }
                    heard = piece.end
                    try finder.append(piece, handle)
                    askForPartial()
                }
            }
        } catch {
            failure = error
        }
        // What was heard before an error is still worth its words.
        do { try finder.finish(handle) } catch { failure = failure ?? error }
        if let failure { throw failure }
    }

    private func handle(_ event: UtteranceFinder.Event) {
        switch event {
        case .utterance(let sound):
            ask(.final(sound))
            utterance += 1
            isPlanned = false
        case .gap(let gap):
            ask(.lost(gap))
        }
    }

    /// Asks for the words of the open utterance so far, when enough of it is new and nothing else is being decoded.
    private func askForPartial() {
        guard let open = finder.open else { return }
        let state = progress.state
        if !isPlanned {
            isPlanned = true
            decodedVoice = open
            planner.begin(at: open)
        }
        // Silence has no words, and the final text is about to be asked for.
        guard !state.isFinalOnly, finder.voicedEnd > decodedVoice else { return }
        if state.pending == 0 { planner.finished() }
        planner.expect(decodeTime: state.decodeTime)
        planner.isStretched = state.isStretched
        guard planner.next(soundUntil: finder.time) == .decode,
            let sound = finder.openUtterance(from: state.windowStart)
        else { return }
        planner.started(until: finder.time)
        decodedVoice = finder.voicedEnd
        ask(.partial(sound))
    }

    private func ask(_ kind: SpeechTask.Kind) {
        let captured = pace == .realtime ? start + heard : .now()
        var isPartial = false
        if case .partial = kind { isPartial = true }
        let sample = Sample(
            sequence: sequence, captured: captured, timeQuality: .scheduled, deadline: captured + deadline,
            isReplaceable: isPartial, payload: SpeechTask(kind: kind, utterance: utterance, heard: heard))
        sequence += 1
        progress.update { $0.pending += 1 }
        // When the run is ended in mid-speech, what was said is still worth its words.
        guard gate.push(sample, completes: !isPartial) else { return progress.update { $0.pending -= 1 } }
        // Where time is not kept, words are asked for as if decoding took none of it.
        if pace == .fast { progress.waitUntilIdle(orUntil: { gate.isStopping }) }
    }
}

extension AudioBlock {
    /// The block in pieces of so many samples, the last one shorter.
    fileprivate func pieces(of size: Int) -> [AudioBlock] {
        stride(from: 0, to: samples.count, by: size).map { first in
            AudioBlock(
                position: position + AudioBlock.duration(of: first),
                samples: Array(samples[first..<min(first + size, samples.count)]))
        }
    }
}
