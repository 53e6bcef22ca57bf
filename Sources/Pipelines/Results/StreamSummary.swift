public import Media

/// What one stream of a run came to; written as JSON with stable keys.
public struct StreamSummary: Sendable, Encodable {
    /// Times in milliseconds.
    public struct Latency: Sendable, Encodable {
        public var p50, p95, p99, max: Double
    }

    /// Latency without inference, in milliseconds.
    public struct Overhead: Sendable, Encodable {
        public var p50, p95, p99: Double
    }

    /// The time of a choice, in microseconds.
    public struct Scheduler: Sendable, Encodable {
        public var p50, p99: Double
    }

    /// Right answers among the labelled samples.
    public struct Accuracy: Sendable, Encodable {
        /// The share of answered, labelled samples whose best answer is right.
        public var top1: Double
        /// The share of answered, labelled samples whose five best answers hold the right one.
        public var top5: Double
        /// The number of answered, labelled samples.
        public var labelled: Int
        /// The share of all labelled samples that got a right best answer in time: a missing or late answer is wrong.
        public var inTime: Double

        enum CodingKeys: String, CodingKey {
            case top1, top5, labelled
            case inTime = "in_time"
        }
    }

    /// How long after a word's end in the sound it was shown, in milliseconds.
    public struct Lag: Sendable, Encodable {
        /// Percentiles over words, or over utterances.
        public struct Percentiles: Sendable, Encodable {
            public var p50, p95: Double
        }

        /// An utterance's first word, as soon as anything of the utterance was shown.
        public var firstPartial: Percentiles
        /// Every word, when it was committed.
        public var committed: Percentiles
        /// An utterance's last word, when the text was final.
        public var final: Percentiles

        enum CodingKeys: String, CodingKey {
            case firstPartial = "first_partial"
            case committed, final
        }
    }

    /// The word error rate against the reference text.
    public struct WordErrors: Sendable, Encodable {
        /// Wrong, missing and surplus words over the words of the reference.
        public var value: Double
        /// The words of the reference.
        public var words: Int
    }

    /// What is told of speech only.
    public struct Speech: Sendable, Encodable {
        /// Present when a reference text is known.
        public var wordErrors: WordErrors?
        /// How far captions were behind the words.
        public var lag: Lag
        /// The seconds of sound that held speech.
        public var seconds: Double
        /// The seconds of sound that were not transcribed.
        public var gapSeconds: Double
        /// Time spent on inference, partial captions included, over the seconds of speech.
        public var realTimeFactor: Double

        enum CodingKeys: String, CodingKey {
            case wordErrors = "wer"
            case lag = "lag_ms"
            case seconds = "speech_seconds"
            case gapSeconds = "gap_seconds"
            case realTimeFactor = "rtf"
        }
    }

    /// The policy that chose.
    public var policy: String
    /// The deadline in milliseconds.
    public var deadline: Double
    /// The number of samples; the sum of all outcomes.
    public var samples: Int
    /// How many samples ended how.
    public var outcomes: OutcomeCounts
    /// From the sensor to the result written, over answered samples.
    public var latency: Latency
    /// The same minus inference.
    public var overhead: Overhead
    /// The time of a choice.
    public var scheduler: Scheduler
    /// Present when labels are known.
    public var accuracy: Accuracy?
    /// How often each candidate was chosen.
    public var candidates: [String: Int]
    /// What the choices rested on: how often the goal was expected to be met, and how often which bound gave way.
    public var rules: [String: Int]
    /// How many samples another processor answered than the one chosen first, which was lost meanwhile; nil where none.
    public var failovers: Int?
    /// How many samples waited for what another stream had; nil where none.
    public var waited: Int?
    /// How many could not wait, and ran beside the other stream; nil where none.
    public var beside: Int?
    /// Present when the stream is speech; its keys stand beside the others.
    public var speech: Speech?

    enum CodingKeys: String, CodingKey {
        case policy, samples, outcomes, accuracy, candidates, rules, failovers, waited, beside
        case deadline = "deadline_ms"
        case latency = "latency_ms"
        case overhead = "overhead_ms"
        case scheduler = "scheduler_us"
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(policy, forKey: .policy)
        try values.encode(deadline, forKey: .deadline)
        try values.encode(samples, forKey: .samples)
        try values.encode(outcomes, forKey: .outcomes)
        try values.encode(latency, forKey: .latency)
        try values.encode(overhead, forKey: .overhead)
        try values.encode(scheduler, forKey: .scheduler)
        try values.encodeIfPresent(accuracy, forKey: .accuracy)
        try values.encode(candidates, forKey: .candidates)
        try values.encode(rules, forKey: .rules)
        try values.encodeIfPresent(failovers, forKey: .failovers)
        try values.encodeIfPresent(waited, forKey: .waited)
        try values.encodeIfPresent(beside, forKey: .beside)
        try speech?.encode(to: encoder)
    }
}
