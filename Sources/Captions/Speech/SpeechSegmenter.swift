/// Turns voice-activity probabilities into utterances.
///
/// One probability for each frame of sound comes in, at most one event goes out. Hysteresis and minimum silence follow
/// Silero VAD's reference iterator. The cost of a frame and the memory are constant; nothing is allocated after `init`.
public struct SpeechSegmenter: Sendable, Hashable {
    /// The figures of segmentation. An `off` above `on` counts as `on`.
    public struct Configuration: Sendable, Hashable {
        /// The sound that one probability stands for: 512 samples at 16 kHz.
        public var frame = Duration.milliseconds(32)
        /// Speech begins at a probability of at least this.
        public var on = 0.5
        /// Speech pauses at a probability below this; between `off` and `on` things stay as they are.
        public var off = 0.35
        /// Voiced sound needed to call it speech. Clicks are shorter; the pre-roll makes up for the wait.
        public var minimumSpeech = Duration.milliseconds(96)
        /// An utterance ends after a pause of this.
        public var minimumSilence = Duration.milliseconds(500)
        /// Sound kept after the last voiced frame. A shorter pause does not undo an onset.
        public var pad = Duration.milliseconds(100)
        /// Sound kept before the first voiced frame, so that the first phoneme is not cut.
        public var preRoll = Duration.milliseconds(300)
        /// From this length on an utterance ends at the next `shortPause` …
        public var softLimit = Duration.seconds(15)
        /// … which is this long …
        public var shortPause = Duration.milliseconds(96)
        /// … and at this length it is split where it was quietest, pause or not. A recognizer's window is 30 s.
        public var hardLimit = Duration.seconds(28)
        /// The end of the utterance in which a split looks for the quietest frame.
        public var splitSearch = Duration.seconds(2)

        /// Makes the usual figures.
        public init() {}
    }

    /// What a frame brought about.
    public enum Event: Sendable, Hashable {
        /// An utterance began. `start` includes the pre-roll; the first voiced sound was at `onset`.
        case speechStarted(start: Duration, onset: Duration)
        /// The utterance goes on; its sound is there until `until`.
        case speechContinues(until: Duration)
        /// The utterance ended at `at`, the pad included.
        case speechEnded(at: Duration)
        /// The utterance reached the hard limit: it ends at `at`, and the next one begins there, in mid-speech.
        case speechSplit(at: Duration)
    }

    private enum State: Sendable, Hashable {
        case silence
        /// Voiced sound that is not yet long enough to be speech.
        case onset(start: Duration, voiced: Duration)
        case speech(start: Duration)
    }

    private let configuration: Configuration
    private let off: Double
    private var state = State.silence
    /// The place on the audio timeline up to which frames were taken in.
    public private(set) var time: Duration
    /// Where the last voiced frame ended, for laying out words that came without times; `nil` before the first.
    public private(set) var voicedEnd: Duration?
    /// Where the present pause began.
    private var pauseStart: Duration?
    /// No utterance begins before this: what is earlier belongs to another, or was lost.
    private var earliest: Duration
    private var quietest = QuietestFrame()

    /// Makes a segmenter for sound from `start` on.
    public init(_ configuration: Configuration = Configuration(), start: Duration = .zero) {
        self.configuration = configuration
        off = min(configuration.off, configuration.on)
        time = start
        earliest = start
    }

    /// Whether an utterance is open.
    public var isSpeaking: Bool {
        if case .speech = state { true } else { false }
    }

    /// Takes in the next frame's probability of speech. What is not a number counts as silence.
    public mutating func observe(_ probability: Double) -> Event? {
        let probability = probability.isNaN ? 0 : probability
        let frameStart = time
        time += configuration.frame
        if probability >= configuration.on {
            pauseStart = nil
            voicedEnd = time
        } else if probability < off, pauseStart == nil {
            pauseStart = frameStart
        }
        let pause = pauseStart.map { time - $0 } ?? .zero

        switch state {
        case .silence:
            guard probability >= configuration.on else { return nil }
            state = .onset(start: frameStart, voiced: .zero)
            return confirmOnset(isVoiced: true)
        case .onset:
            guard pause <= configuration.pad else {
                state = .silence
                return nil
            }
            return confirmOnset(isVoiced: pauseStart == nil)
        case .speech(let start):
            return advance(from: start, pause: pause, probability: probability, frameStart: frameStart)
        }
    }

    /// Takes in that sound is missing: an open utterance ends, and time goes on after the gap.
    public mutating func skip(_ gap: Gap) -> Event? {
        let event = finish()
        time = max(time, gap.end)
        earliest = time
        return event
    }

    /// Ends the sound: an open utterance ends, and a beginning too short to be speech is forgotten.
    public mutating func finish() -> Event? {
        let wasSpeaking = isSpeaking
        let end = paddedEnd
        close(at: wasSpeaking ? end : earliest)
        return wasSpeaking ? .speechEnded(at: end) : nil
    }

    private mutating func confirmOnset(isVoiced: Bool) -> Event? {
        guard case .onset(let start, var voiced) = state else { return nil }
        if isVoiced { voiced += configuration.frame }
        guard voiced >= configuration.minimumSpeech else {
            state = .onset(start: start, voiced: voiced)
            return nil
        }
        let withPreRoll = max(earliest, start - configuration.preRoll)
        state = .speech(start: withPreRoll)
        quietest = QuietestFrame()
        return .speechStarted(start: withPreRoll, onset: start)
    }

    private mutating func advance(
        from start: Duration, pause: Duration, probability: Double, frameStart: Duration
    ) -> Event {
        let length = time - start
        let enough = length >= configuration.softLimit ? configuration.shortPause : configuration.minimumSilence
        if pauseStart != nil, pause >= enough {
            let end = paddedEnd
            close(at: end)
            return .speechEnded(at: end)
        }
        if length > configuration.hardLimit - configuration.splitSearch {
            quietest.observe(probability, at: frameStart + configuration.frame / 2)
        }
        if length >= configuration.hardLimit {
            let split = quietest.time ?? time
            state = .speech(start: split)
            quietest = QuietestFrame()
            return .speechSplit(at: split)
        }
        return .speechContinues(until: time)
    }

    private var paddedEnd: Duration { min(time, pauseStart.map { $0 + configuration.pad } ?? time) }

    private mutating func close(at end: Duration) {
        state = .silence
        pauseStart = nil
        earliest = end
    }
}

/// The frame least likely to be speech, and so the least bad place to cut.
private struct QuietestFrame: Sendable, Hashable {
    private(set) var time: Duration?
    private var probability = Double.infinity

    mutating func observe(_ probability: Double, at time: Duration) {
        guard probability <= self.probability else { return }
        self.probability = probability
        self.time = time
    }
}
