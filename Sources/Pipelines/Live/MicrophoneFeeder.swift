import Capture
import Logging
import Media
import Recordings
import Units

/// Takes sound from a microphone to a listener, from a thread of its own.
final class MicrophoneFeeder: SampleFeeder, @unchecked Sendable {
    // All mutable state is touched by the feeding thread alone, until the gate is closed, this thread's last act.

    private let reader: MicrophoneReader
    private let listener: SpeechListener
    private let gate: SampleGate<SpeechTask>

    /// Makes a feeder; `returns` counts how often the microphone came back, `logger` is told what a person should know
    /// of it.
    init(
        source: LiveMicrophone, listener: SpeechListener, gate: SampleGate<SpeechTask>,
        returns: EventCount, logger: Logger
    ) {
        reader = MicrophoneReader(source, returns: returns, logger: logger)
        self.listener = listener
        self.gate = gate
    }

    func start(at origin: MonotonicTime, recorder: RunRecorder?) {
        gate.feed(threadName: "heed-speech") { [self] in try listener.hearOut { try feed(from: origin, recorder) } }
    }

    func describe(in summary: inout Summary) { summary.microphone = reader.summary }

    private func feed(from origin: MonotonicTime, _ recorder: RunRecorder?) throws {
        let converter = SoundConverter(format: reader.format, origin: origin)
        var lastSound = MonotonicTime.now()
        var quality = TimeQuality.arrival
        let pause = {
            let now = MonotonicTime.now()
            if now - lastSound > SpeechListener.patience { try self.listener.pause(at: now) }
        }
        try reader.read(while: { !gate.isStopping }, idle: pause) { event, arrived in
            lastSound = arrived
            recorder?.append(event, arrived: arrived)
            try hear(event, arrived, converter, &quality)
        }
        // What the converter's filter holds back.
        for piece in try converter.finish() {
            try listener.hear(piece, captured: converter.origin + piece.end, arrived: .now(), quality: quality)
        }
    }

    /// Hears an event; what the converter held back has the `quality` of the sound before it.
    private func hear(
        _ event: SoundEvent, _ arrived: MonotonicTime, _ converter: SoundConverter, _ quality: inout TimeQuality
    ) throws {
        let pieces: [AudioBlock]
        switch event {
        case .sound(let block):
            quality = block.timeQuality
            pieces = try converter.append(block, arrived: arrived)
        case .gap(let gap): pieces = try converter.append(gap)
        }
        for piece in pieces {
            try listener.hear(piece, captured: converter.origin + piece.end, arrived: arrived, quality: quality)
        }
    }
}
