import Capture
import Media
import Recordings
import Units

/// Takes sound from a microphone to a listener, from a thread of its own.
final class MicrophoneFeeder: SampleFeeder, @unchecked Sendable {
    // All mutable state is touched by the feeding thread alone, until the gate is closed, this thread's last act.

    /// After so long without sound an utterance is over: the device is away.
    private static let longestSilence = Duration.seconds(1)

    private let microphone: Microphone
    private let name: String
    private let listener: SpeechListener
    private let gate: SampleGate<SpeechTask>
    private let notice: @Sendable (String) -> Void
    private var news: MicrophoneNews
    private var lastSound = MonotonicTime(nanoseconds: 0)

    /// Makes a feeder; `notice` takes what a person should know of the microphone, a line each.
    init(
        source: LiveMicrophone, listener: SpeechListener, gate: SampleGate<SpeechTask>,
        notice: @escaping @Sendable (String) -> Void
    ) {
        microphone = source.microphone
        name = source.name
        self.listener = listener
        self.gate = gate
        self.notice = notice
        news = MicrophoneNews(name: source.name)
    }

    func start(at origin: MonotonicTime) {
        gate.feed(threadName: "heed-sound") { [self] in try feed(from: origin) }
    }

    func describe(in summary: inout Summary) {
        let report = microphone.report
        summary.microphone = Summary.Microphone(
            device: name, format: "\(microphone.format)",
            drift: report.drift?.partsPerMillion.rounded(decimals: 2),
            driftUncertainty: report.drift?.uncertainty.rounded(decimals: 2), overruns: report.overruns,
            priority: report.priority.map { "\($0)" })
    }

    private func feed(from origin: MonotonicTime) throws {
        let converter = SoundConverter(format: microphone.format, origin: origin)
        try microphone.start()
        lastSound = .now()
        var failure: (any Error)?
        do {
            while !gate.isStopping { try takeNext(converter) }
            // What was captured until now is heard out.
            microphone.stop()
            while let event = microphone.next(waiting: .zero) { try handle(event, converter) }
        } catch {
            microphone.stop()
            failure = error
        }
        // What was heard before an error is still worth its words.
        do { try listener.pause() } catch { failure = failure ?? error }
        if let failure { throw failure }
    }

    private func takeNext(_ converter: SoundConverter) throws {
        if let event = microphone.next(waiting: .milliseconds(50)) {
            try handle(event, converter)
        } else if .now() - lastSound > Self.longestSilence {
            try listener.pause()
        }
        for line in news.take(microphone.report) { notice(line) }
    }

    private func handle(_ event: SoundEvent, _ converter: SoundConverter) throws {
        let now = MonotonicTime.now()
        lastSound = now
        switch event {
        case .sound(let block):
            for piece in try converter.append(block, arrived: now) {
                try listener.hear(piece, captured: converter.origin + piece.end, quality: block.timeQuality)
            }
        case .gap(let gap):
            for piece in try converter.append(gap) {
                try listener.hear(piece, captured: converter.origin + piece.end)
            }
            listener.miss(because: gap.words)
            notice(news.words(of: gap))
        }
    }
}

extension SoundGap {
    /// Why sound is missing, in words.
    var words: String {
        switch reason {
        case .overrun: "the sound was not read in time"
        case .suspended: "the machine or the sound card slept"
        case .failed: "the sound card failed and was started anew"
        case .disconnected: "the microphone was gone"
        case .skipped: "the sound card left samples out"
        case .readerTooSlow: "heed was too slow to take the sound"
        }
    }
}
