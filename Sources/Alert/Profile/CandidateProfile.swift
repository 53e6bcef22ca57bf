public import Units

/// What one candidate takes and yields on the machine it was measured on, with nothing else running.
public struct CandidateProfile: Sendable, Hashable, Codable {
    /// The candidate.
    public var candidate: Candidate
    /// How long one inference takes, of an input of size 1.
    public var time: TimeStatistics
    /// The share of that time which grows in proportion to the input's size; 0 where all inputs have one size.
    ///
    /// An input of size s takes `time` · (1 + growth · (s − 1)).
    public var growth: Double
    /// The mean power drawn while it infers.
    public var power: Watts
    /// The share of samples it gets right, 0…1.
    public var accuracy: Double
    /// The share of its time that memory decides rather than the processor's clock, 0…1; `nil` where it is not known.
    public var memoryShare: Double?
    /// The answers it gives on its way, in order, for a recogniser that answers in stages; empty where it answers once.
    ///
    /// The last one has the candidate's own time and accuracy. Such a candidate is stopped at the deadline, and the
    /// last stage that was done by then is its answer.
    public var stages: [StageProfile]
    /// How long the machine takes to follow the candidate's power setting; zero where it has none.
    public var settleTime: Duration
    /// Whether it was measured; else its time and power are estimated from those of others.
    public var isMeasured: Bool
    /// The name of another candidate that is never worse, so that policies need not this one; nil where there is none.
    public var dominatedBy: String?

    /// Makes a candidate's profile.
    public init(
        candidate: Candidate, time: TimeStatistics, growth: Double = 0, power: Watts, accuracy: Double,
        memoryShare: Double? = nil, stages: [StageProfile] = [], settleTime: Duration = .zero,
        isMeasured: Bool = true
    ) {
        self.candidate = candidate
        self.time = time
        self.growth = growth
        self.power = power
        self.accuracy = accuracy
        self.memoryShare = memoryShare
        self.stages = stages
        self.settleTime = settleTime
        self.isMeasured = isMeasured
    }

    private enum CodingKeys: String, CodingKey {
        case candidate
        case time
        case growth
        case power = "power_w"
        case accuracy
        case memoryShare = "memory_share"
        case stages
        case settleTime = "settle_ms"
        case isMeasured = "measured"
        case dominatedBy = "dominated_by"
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            candidate: try values.decode(Candidate.self, forKey: .candidate),
            time: try values.decode(TimeStatistics.self, forKey: .time),
            growth: try values.decodeIfPresent(Double.self, forKey: .growth) ?? 0,
            power: try values.decode(Watts.self, forKey: .power),
            accuracy: try values.decode(Double.self, forKey: .accuracy),
            memoryShare: try values.decodeIfPresent(Double.self, forKey: .memoryShare),
            stages: try values.decodeIfPresent([StageProfile].self, forKey: .stages) ?? [],
            settleTime: Duration(bounded: (try values.decodeIfPresent(Double.self, forKey: .settleTime) ?? 0) * 1e-3),
            isMeasured: try values.decodeIfPresent(Bool.self, forKey: .isMeasured) ?? true)
        dominatedBy = try values.decodeIfPresent(String.self, forKey: .dominatedBy)
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(candidate, forKey: .candidate)
        try values.encode(time, forKey: .time)
        try values.encode(growth, forKey: .growth)
        try values.encode(power, forKey: .power)
        try values.encode(accuracy, forKey: .accuracy)
        try values.encodeIfPresent(memoryShare, forKey: .memoryShare)
        if !stages.isEmpty { try values.encode(stages, forKey: .stages) }
        if settleTime != .zero { try values.encode(settleTime.seconds * 1e3, forKey: .settleTime) }
        if !isMeasured { try values.encode(isMeasured, forKey: .isMeasured) }
        try values.encodeIfPresent(dominatedBy, forKey: .dominatedBy)
    }

    /// How many times as long as profiled an input of this size takes.
    @inline(__always)
    static func scale(growth: Double, size: Double) -> Double { max(1 + growth * (size - 1), 1e-3) }

    /// The time that this share of the inferences of an input of this size stay within, as profiled.
    ///
    /// With shares drawn evenly from 0..<1 the times are spread like those measured.
    public func time(share: Double, size: Double = 1) -> Duration {
        Duration(bounded: time.quantile(share) * 1e-3 * Self.scale(growth: growth, size: size))
    }

    /// Refuses figures that no measurement can have given, since they may come from a file anyone can edit.
    package func check() throws(AlertError) {
        func refuse(_ figure: String, _ value: Double, _ wanted: String) -> AlertError {
            AlertError(
                .invalidProfile,
                "profile of \(candidate.name): \(figure) is \(value), expected \(wanted); profile the machine again")
        }
        let times = [
            ("median_ms", time.median), ("mean_ms", time.mean), ("minimum_ms", time.minimum), ("p95_ms", time.p95),
        ]
        for (figure, value) in times where !(value > 0 && value.isFinite) {
            throw refuse(figure, value, "a time above 0 ms")
        }
        guard (0...1).contains(growth) else { throw refuse("growth", growth, "a share between 0 and 1") }
        guard power.value >= 0, power.value.isFinite else { throw refuse("power_w", power.value, "0 W or more") }
        guard (0...1).contains(accuracy) else { throw refuse("accuracy", accuracy, "a share between 0 and 1") }
        if let memoryShare, !(0...1).contains(memoryShare) {
            throw refuse("memory_share", memoryShare, "a share between 0 and 1")
        }
        guard settleTime >= .zero else {
            throw refuse("settle_ms", settleTime.seconds * 1e3, "a time of 0 ms or more")
        }
        try checkStages()
    }
}
