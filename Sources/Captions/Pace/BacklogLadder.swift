/// Degrades transcription in steps when it falls behind schedule, climbs back when it has caught up, and says so.
///
/// Down at once, to the step that the delay asks for; up one step at a time, after the delay has stayed low for a
/// while, so that the steps do not flicker. Nothing is dropped silently: the last step names the gap it makes.
public struct BacklogLadder: Sendable, Hashable {
    /// How much is given up. Each step keeps what those before it gave up.
    public enum Step: Int, Sendable, Hashable, CaseIterable, Comparable, CustomStringConvertible {
        /// Everything as configured.
        case normal
        /// A smaller recognizer is preferred.
        case smallerRecognizer
        /// Partial captions come less often.
        case longerHop
        /// No partial captions: utterances are decoded once, at their end.
        case finalOnly
        /// The oldest waiting sound is dropped, with a gap in the captions.
        case dropOldest

        public static func < (a: Step, b: Step) -> Bool { a.rawValue < b.rawValue }

        /// The step in words.
        public var description: String {
            switch self {
            case .normal: "all as configured"
            case .smallerRecognizer: "smaller recognizer preferred"
            case .longerHop: "partial captions less often"
            case .finalOnly: "final captions only"
            case .dropOldest: "oldest sound dropped"
            }
        }
    }

    /// The figures of the ladder.
    public struct Configuration: Sendable, Hashable {
        /// The delay from which a smaller recognizer is preferred.
        public var smallerRecognizer = Duration.milliseconds(500)
        /// The delay from which partial captions come less often.
        public var longerHop = Duration.seconds(1)
        /// The delay from which there are no partial captions.
        public var finalOnly = Duration.seconds(2)
        /// The delay from which sound is dropped.
        public var dropOldest = Duration.seconds(8)
        /// The delay that is left after a drop.
        public var keep = Duration.seconds(2)
        /// A step is given back when the delay is below this share of where the step began …
        public var release = 0.5
        /// … for this long.
        public var calm = Duration.seconds(5)

        /// Makes the usual figures.
        public init() {}

        /// The delay at which a step begins.
        func threshold(_ step: Step) -> Duration {
            switch step {
            case .normal: .zero
            case .smallerRecognizer: smallerRecognizer
            case .longerHop: longerHop
            case .finalOnly: finalOnly
            case .dropOldest: dropOldest
            }
        }
    }

    /// A change of step, a drop, or both.
    public struct Action: Sendable, Hashable {
        /// The step from now on.
        public var step: Step
        /// The sound to drop now, from the oldest that waits.
        public var gap: Gap?
        /// What happened, for people: `1.4 s behind: partial captions less often`.
        public var message: String
    }

    private let configuration: Configuration
    /// The present step.
    public private(set) var step = Step.normal
    private var calmSince: Duration?

    /// Makes a ladder at its top.
    public init(_ configuration: Configuration = Configuration()) { self.configuration = configuration }

    /// Takes in how far behind transcription is.
    /// - Parameters:
    ///   - delay: how long the oldest decode that is due has been waiting; zero when none waits.
    ///   - oldest: where the oldest waiting sound begins on the audio timeline.
    ///   - now: the newest sound's time on the audio timeline.
    /// - Returns: what changes; `nil` when nothing does.
    public mutating func observe(delay: Duration, oldest: Duration, now: Duration) -> Action? {
        let wanted = Step.allCases.last { $0 == .normal || delay >= configuration.threshold($0) } ?? .normal
        let gap =
            wanted == .dropOldest && delay > configuration.keep
            ? Gap(start: oldest, length: delay - configuration.keep) : nil
        if wanted > step || gap != nil {
            step = wanted
            calmSince = nil
            let detail = gap.map { " \($0)" } ?? ""
            return Action(step: step, gap: gap, message: "\(TimeText.seconds(delay)) behind: \(step)\(detail)")
        }
        guard step > .normal, delay < configuration.threshold(step) * configuration.release else {
            calmSince = nil
            return nil
        }
        let since = calmSince ?? now
        calmSince = since
        guard now - since >= configuration.calm, let above = Step(rawValue: step.rawValue - 1) else { return nil }
        step = above
        // The next step has to earn its own calm.
        calmSince = now
        return Action(
            step: step, gap: nil, message: "caught up, \(TimeText.seconds(delay)) behind: \(step)")
    }
}
