public import Units

/// What was measured when a chosen candidate ran.
public struct Observation: Sendable, Hashable {
    /// The candidate that ran: an index into the policy's candidates.
    public var candidate: Int
    /// How large the sample was, relative to the size that candidates were profiled with.
    public var size: Double
    /// How long its inference took, or had taken when it was stopped.
    public var time: Duration
    /// Whether it was stopped before it was done: the true time is then at least `time`.
    public var isCensored: Bool
    /// How many stages had answered when it ended; `nil` for all of them, and for a candidate that answers once.
    public var stagesDone: Int?
    /// When the last of these stages answered, from the beginning of the inference; `nil` if that was not noted.
    public var answerTime: Duration?
    /// How sure the recogniser was of its answer, 0…1, where it tells.
    public var confidence: Double?
    /// Whether the last stage that was done was sure enough of its answer for none to follow.
    public var endedSure: Bool
    /// The energy spent over `time`, if it was measured or estimated.
    public var energy: Joules?
    /// The power drawn while waiting for this sample, if it was measured or estimated.
    public var idlePower: Watts?

    /// Makes an observation.
    public init(
        candidate: Int, size: Double = 1, time: Duration, isCensored: Bool = false, stagesDone: Int? = nil,
        answerTime: Duration? = nil, confidence: Double? = nil, endedSure: Bool = false, energy: Joules? = nil,
        idlePower: Watts? = nil
    ) {
        self.candidate = candidate
        self.size = size
        self.time = time
        self.isCensored = isCensored
        self.stagesDone = stagesDone
        self.answerTime = answerTime
        self.confidence = confidence
        self.endedSure = endedSure
        self.energy = energy
        self.idlePower = idlePower
    }
}
