import Machine
public import Media
import Units

/// What a run came to; written as JSON with stable keys.
///
/// The keys of a run's only stream stand beside the run's own. Of several streams the sums stand there, with what only
/// one of them has (`accuracy`, `wer`, `lag_ms` …), and `streams` has the whole of each by its name.
public struct Summary: Sendable {
    /// Energy in joules.
    public struct Energy: Sendable, Encodable {
        /// Of the whole run.
        public var total: Double
        /// The total over the number of samples.
        public var perSample: Double
        /// Where the figures come from; several with `+` between them.
        public var source: String
        /// What each of them counted; their sum is the total.
        public var bySource: [String: Double]
        /// The mean power, in watts.
        public var power: Double
        /// The power that the run was to keep to in the long run, in watts; nil where it was free.
        public var budget: Double?

        /// The energy that a run spent in so much time on so many samples.
        init(_ spent: EnergyReading, over time: Duration, samples: Int, budget: Watts? = nil) {
            power = (time > .zero ? (spent.total / time).value : 0).rounded(decimals: 4)
            self.budget = budget?.value
            total = spent.total.value.rounded(decimals: 4)
            perSample = (samples == 0 ? 0 : spent.total.value / Double(samples)).rounded(decimals: 5)
            source = spent.sources.description
            bySource = [:]
            for source in spent.sources.all { bySource[source.rawValue] = spent[source].value.rounded(decimals: 4) }
        }

        enum CodingKeys: String, CodingKey {
            case total, source
            case perSample = "per_sample"
            case bySource = "by_source"
            case power = "mean_w"
            case budget = "budget_w"
        }
    }

    /// What is known of a camera after a run.
    public struct Camera: Sendable, Encodable {
        /// Its stable name.
        public var device: String
        /// The mode in force at the end, such as `YUYV 640×480 25/s`.
        public var mode: String
        /// Frames a second that came, from the first to the last; nil for fewer than two.
        public var rate: Double?
        /// How urgently its thread ran.
        public var priority: String

        enum CodingKeys: String, CodingKey {
            case device, mode, priority
            case rate = "frames_per_second"
        }
    }

    /// What is known of a microphone after a run.
    public struct Microphone: Sendable, Encodable {
        /// alsa-lib's name of it.
        public var device: String
        /// What it gave, such as `48000 Hz, 1 channel, signed16`.
        public var format: String
        /// Millionths by which its clock was fast; nil while that was not known.
        public var drift: Double?
        /// The standard error of that.
        public var driftUncertainty: Double?
        /// Times at which sound was lost before it was read.
        public var overruns: Int
        /// How urgently its thread ran.
        public var priority: String?

        enum CodingKeys: String, CodingKey {
            case device, format, overruns, priority
            case drift = "drift_ppm"
            case driftUncertainty = "drift_uncertainty_ppm"
        }
    }

    /// The pipeline's name, where its file gives one.
    public var name: String?
    /// The recording that was replayed; nil where devices were used.
    public var recording: String?
    /// The camera that was watched.
    public var camera: Camera?
    /// The microphone that was listened to.
    public var microphone: Microphone?
    /// How samples arrived: `live` from devices, else the replay's pace.
    public var pace: String
    /// What a simulation's random numbers began with; nil where nothing was simulated.
    public var seed: UInt64?
    /// How long the run took in seconds: on the wall clock, or on that of the simulation.
    public var seconds: Double
    /// Processors that were asked for and were not there, and why; nil where all were.
    public var fallback: String?
    /// What became of the results that sinks of the pipeline file took.
    public var sinks: [SinkReport] = []
    /// The energy of the run.
    public var energy: Energy
    /// What each stream came to; at least one.
    public var streams: [(name: SampleResult.Stream, summary: StreamSummary)]

    /// The number of samples; the sum of all outcomes.
    public var samples: Int { outcomes.total }

    /// How many samples ended how.
    public var outcomes: OutcomeCounts {
        streams.reduce(into: OutcomeCounts()) { sum, stream in
            for outcome in Outcome.allCases { sum[outcome] += stream.summary.outcomes[outcome] }
        }
    }
}

extension Summary: Encodable {
    private enum CodingKeys: String, CodingKey {
        case name, recording, camera, microphone, pace, seed, seconds, samples, outcomes, candidates, rules, accuracy
        case streams, fallback, sinks
        case energy = "energy_j"
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encodeIfPresent(name, forKey: .name)
        try values.encodeIfPresent(recording, forKey: .recording)
        try values.encodeIfPresent(camera, forKey: .camera)
        try values.encodeIfPresent(microphone, forKey: .microphone)
        try values.encode(pace, forKey: .pace)
        try values.encodeIfPresent(seed, forKey: .seed)
        try values.encode(seconds, forKey: .seconds)
        try values.encodeIfPresent(fallback, forKey: .fallback)
        if !sinks.isEmpty { try values.encode(sinks, forKey: .sinks) }
        try values.encode(energy, forKey: .energy)
        guard streams.count > 1 else {
            try streams.first?.summary.encode(to: encoder)
            return
        }
        func sum(_ counts: KeyPath<StreamSummary, [String: Int]>) -> [String: Int] {
            streams.reduce(into: [:]) { $0.merge($1.summary[keyPath: counts], uniquingKeysWith: +) }
        }
        try values.encode(samples, forKey: .samples)
        try values.encode(outcomes, forKey: .outcomes)
        try values.encode(sum(\.candidates), forKey: .candidates)
        try values.encode(sum(\.rules), forKey: .rules)
        for (_, stream) in streams {
            try values.encodeIfPresent(stream.accuracy, forKey: .accuracy)
            try stream.speech?.encode(to: encoder)
        }
        let byName = Dictionary(uniqueKeysWithValues: streams.map { ($0.name.rawValue, $0.summary) })
        try values.encode(byName, forKey: .streams)
    }
}
