import Captions
import Media
import Recordings
import Units

/// Plays a recording's sound to a listener at its own pace, from a thread of its own.
final class SpeechFeeder: SampleFeeder, @unchecked Sendable {
    // The recording and the listener are touched by the feeding thread alone: their owner hands them over with `start`,
    // and waits for the gate to close, this thread's last act, before it does anything else with them.

    /// Sound is heard in pieces of this: one frame of the voice activity detector.
    private static let piece = 512

    private let recording: AudioRecording
    private let listener: SpeechListener
    private let pace: PipelineConfiguration.Pace
    private let playhead: Playhead
    private let gate: SampleGate<SpeechTask>

    init(
        recording: AudioRecording, listener: SpeechListener, pace: PipelineConfiguration.Pace,
        playhead: Playhead, gate: SampleGate<SpeechTask>
    ) {
        self.recording = recording
        self.listener = listener
        self.pace = pace
        self.playhead = playhead
        self.gate = gate
    }

    func start(at _: MonotonicTime, recorder _: RunRecorder?) {
        gate.feed(threadName: "heed-speech") { [self] in try listener.hearOut(feed) }
    }

    private func feed() throws {
        var lastArrival: Duration?
        while !gate.isStopping, let block = try recording.next() {
            try pauseAsThen(before: block, lastArrival)
            lastArrival = block.isOfMicrophone ? block.arrival : nil
            for piece in block.pieces(of: Self.piece) where !gate.isStopping {
                let start = playhead.pass(piece.arrival, gate)
                // Sound that has not come yet when the run is ended is not heard.
                if gate.isStopping { break }
                let captured = pace.isTimed ? start + piece.end : .now()
                try listener.hear(
                    piece, captured: captured, arrived: pace.isTimed ? gate.now : nil, quality: .scheduled)
            }
        }
    }

    /// Where the microphone was away when it was recorded, the utterance ends as it ended then.
    private func pauseAsThen(before block: AudioBlock, _ lastArrival: Duration?) throws {
        guard let lastArrival, block.arrival - lastArrival > SpeechListener.patience else { return }
        let noticed = lastArrival + SpeechListener.patience
        let start = playhead.pass(noticed, gate)
        try listener.pause(at: pace.isTimed ? start + noticed : nil)
    }
}

extension AudioBlock {
    /// Whether a microphone brought it, so that it has an arrival of its own.
    fileprivate var isOfMicrophone: Bool { arrival > end }

    /// The block in pieces of so many samples, the last one shorter; one that a microphone brought stays whole.
    fileprivate func pieces(of size: Int) -> [AudioBlock] {
        if isOfMicrophone { return [self] }
        return stride(from: 0, to: samples.count, by: size).map { first in
            AudioBlock(
                position: position + AudioBlock.duration(of: first),
                samples: Array(samples[first..<min(first + size, samples.count)]), missing: first == 0 ? missing : nil)
        }
    }
}
