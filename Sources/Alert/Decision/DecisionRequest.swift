public import Units

/// What a policy must know of one sample to decide.
public struct DecisionRequest: Sendable, Hashable {
    /// The time until the deadline, as seen now.
    public var timeLeft: Duration
    /// What else must happen before the result is out (conversion, writing, the scheduler itself); taken off
    /// `timeLeft`.
    public var overhead: Duration
    /// What that spends beyond what waiting would, which no candidate can save.
    public var overheadEnergy: Joules
    /// The time until the next sample is due: how far idle energy is counted. Zero when samples come back to back.
    public var period: Duration
    /// How large the sample is, relative to the size that candidates were profiled with.
    public var size: Double
    /// What may be chosen this time, such as those that are loaded and fit the sample; all of the policy's when `nil`.
    public var candidates: CandidateSet?
    /// Whether even a late answer is wanted, so that the sample never expires.
    public var mustAnswer: Bool
    /// What other streams on the machine have and want; nobody is there when `nil`.
    public var neighbours: Neighbours?
    /// What a joule costs in accuracy under a budget that streams share; nothing without one.
    public var energyPrice: Double

    /// Makes a request.
    public init(
        timeLeft: Duration, overhead: Duration = .zero, overheadEnergy: Joules = .zero, period: Duration = .zero,
        size: Double = 1, candidates: CandidateSet? = nil, mustAnswer: Bool = false, neighbours: Neighbours? = nil,
        energyPrice: Double = 0
    ) {
        self.timeLeft = timeLeft
        self.overhead = overhead
        self.overheadEnergy = overheadEnergy
        self.period = period
        self.size = size
        self.candidates = candidates
        self.mustAnswer = mustAnswer
        self.neighbours = neighbours
        self.energyPrice = energyPrice
    }
}
