/// Decides when a growing window is decoded next.
///
/// The next decode starts when the one before is finished *and* the hop's new sound is there. The hop follows the time
/// that a decode is expected to take, which the scheduler gives with its choice of recognizer: a dear recognizer is
/// asked less often. No clock is read; all times are places on the audio timeline.
public struct HopPlanner: Sendable, Hashable {
    /// The figures of the plan.
    public struct Configuration: Sendable, Hashable {
        /// New sound before the first decode of an utterance, its pre-roll counted: enough for a word.
        public var first = Duration.milliseconds(500)
        /// The shortest hop. Shorter ones spend decodes on sound that holds no new word.
        public var shortest = Duration.milliseconds(400)
        /// The longest hop while nothing is given up (`isStretched`).
        public var longest = Duration.seconds(2)
        /// The share of time that may go into decoding: a decode expected to take 0.3 s has a hop of 0.5 s at 0.6.
        public var share = 0.6
        /// How many times longer hops are when behind schedule.
        public var stretch = 2

        /// Makes the usual figures.
        public init() {}

        /// The new sound to wait for before a decode that is expected to take so long.
        public func hop(decodeTime: Duration) -> Duration {
            max(shortest, min(longest, decodeTime / min(max(share, 0.01), 1)))
        }
    }

    /// What to do now.
    public enum Action: Sendable, Hashable {
        /// Decode the window up to the newest sound.
        case decode
        /// Wait until the sound has reached this time.
        case wait(until: Duration)
        /// Wait until the running decode is finished.
        case busy
    }

    private let configuration: Configuration
    private var decoded: Duration
    private var isFirst = true
    private var isBusy = false
    /// The new sound that the next decode waits for, when it is not the utterance's first.
    public private(set) var hop: Duration
    /// Whether hops are stretched, which a backlog asks for.
    public var isStretched = false

    /// Makes a planner for sound from `start` on.
    public init(_ configuration: Configuration = Configuration(), start: Duration = .zero) {
        self.configuration = configuration
        decoded = start
        hop = configuration.shortest
    }

    /// Begins an utterance: nothing from `start` on has been decoded yet. A running decode stays running.
    public mutating func begin(at start: Duration) {
        decoded = start
        isFirst = true
    }

    /// Takes in how long the next decode is expected to take.
    public mutating func expect(decodeTime: Duration) {
        hop = configuration.hop(decodeTime: decodeTime)
    }

    /// What to do, now that the sound up to `end` is there.
    public func next(soundUntil end: Duration) -> Action {
        if isBusy { return .busy }
        let wanted = (isFirst ? configuration.first : hop) * (isStretched ? max(1, configuration.stretch) : 1)
        let due = decoded + wanted
        return end >= due ? .decode : .wait(until: due)
    }

    /// Takes in that a decode of the sound up to `end` was started.
    public mutating func started(until end: Duration) {
        isBusy = true
        isFirst = false
        decoded = max(decoded, end)
    }

    /// Takes in that the running decode is finished, whatever came of it.
    public mutating func finished() { isBusy = false }
}
