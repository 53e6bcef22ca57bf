public import Media

/// What a run came to; written as JSON with stable keys.
public struct Summary: Sendable, Encodable {
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

    /// Energy in joules.
    public struct Energy: Sendable, Encodable {
        /// Of the whole run.
        public var total: Double
        /// The total over the number of samples.
        public var perSample: Double
        /// Where the figures come from.
        public var source: String

        enum CodingKeys: String, CodingKey {
            case total, source
            case perSample = "per_sample"
        }
    }

    /// The pipeline's name, where its file gives one.
    public var name: String?
    /// The recording that was replayed.
    public var recording: String
    /// How samples arrived: `realtime` or `fast`.
    public var pace: String
    /// The policy that chose.
    public var policy: String
    /// The deadline in milliseconds.
    public var deadline: Double
    /// The wall-clock time of the run in seconds.
    public var seconds: Double
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
    /// The energy of the run.
    public var energy: Energy
    /// How often each candidate was chosen.
    public var candidates: [String: Int]
    /// What the choices rested on: how often the goal was expected to be met, and how often which bound gave way.
    public var rules: [String: Int]

    enum CodingKeys: String, CodingKey {
        case name, recording, pace, policy, samples, outcomes, accuracy, candidates, rules, seconds
        case deadline = "deadline_ms"
        case latency = "latency_ms"
        case overhead = "overhead_ms"
        case scheduler = "scheduler_us"
        case energy = "energy_j"
    }
}
