import Capture
import Logging
import Media
import Units

/// Reads a microphone for a run and tells a person what becomes of it. Belongs to the thread that reads.
final class MicrophoneReader {
    private let microphone: Microphone
    private let name: String
    private let returns: EventCount
    private let logger: Logger
    private var news: MicrophoneNews

    /// Makes a reader; `returns` counts how often the microphone came back, `logger` is told what a person should know
    /// of it.
    init(_ source: LiveMicrophone, returns: EventCount = EventCount(), logger: Logger) {
        self.returns = returns
        microphone = source.microphone
        name = source.name
        self.logger = logger.with("device", source.name)
        news = MicrophoneNews(name: source.name)
    }

    /// What the sound is made of.
    var format: SoundFormat { microphone.format }

    /// Starts the microphone and hands on what comes, with the moment at which it reached heed, until that is no longer
    /// wanted; then stops the microphone and hands on the rest. `idle` is called now and then while nothing comes.
    ///
    /// Throws what `handle` and `idle` throw, and `CaptureError` when the microphone cannot be started.
    func read(
        while isWanted: () -> Bool, idle: () throws -> Void = {},
        _ handle: (SoundEvent, _ arrived: MonotonicTime) throws -> Void
    ) throws {
        try microphone.start()
        defer { microphone.stop() }
        while isWanted() {
            if let event = microphone.next(waiting: .milliseconds(50)) {
                try take(event, handle)
            } else {
                try idle()
            }
            let wasAway = news.isAway
            for item in news.take(microphone.report) {
                logger.log(level: item.isGood ? .notice : .warning, "\(item.text)")
            }
            if wasAway, !news.isAway { returns.add() }
        }
        microphone.stop()
        while let event = microphone.next(waiting: .zero) { try take(event, handle) }
    }

    private func take(_ event: SoundEvent, _ handle: (SoundEvent, MonotonicTime) throws -> Void) throws {
        try handle(event, .now())
        if case .gap(let gap) = event { logger.warning("\(news.words(of: gap))") }
    }

    /// What is known of the microphone by now.
    var summary: Summary.Microphone {
        let report = microphone.report
        return Summary.Microphone(
            device: name, format: "\(microphone.format)", drift: report.drift?.partsPerMillion.rounded(decimals: 2),
            driftUncertainty: report.drift?.uncertainty.rounded(decimals: 2), overruns: report.overruns,
            priority: report.priority.map { "\($0)" })
    }
}
