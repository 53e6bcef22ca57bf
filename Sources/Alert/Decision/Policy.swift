/// Chooses a candidate for each sample and learns from what was measured.
///
/// A policy is a value: no I/O, no clock, no randomness but what it is handed; whoever owns it calls it from one place
/// at a time. `decide` and `observe` allocate nothing as long as that owner holds the only copy.
public protocol Policy: Sendable {
    /// The name users give: `alert`.
    var name: String { get }

    /// What may be chosen; decisions and observations refer to it by index.
    var candidates: [CandidateProfile] { get }

    /// What to choose for; what was learned stays when it changes.
    var goal: Goal { get set }

    /// Chooses for one sample, never a candidate that the request does not allow.
    /// - Returns: `nil` for a request that allows none, which is for the caller to tell apart; else `nil` when the time
    ///   left, without any overhead, is less than even the fastest candidate's best profiled time: the sample is
    ///   expired, nothing could have met its deadline. Neither an estimated slow-down nor an estimated overhead can
    ///   bring this about, since without inferences there would be nothing to correct them. Never for a request that
    ///   must be answered and allows a candidate.
    mutating func decide(_ request: DecisionRequest) -> Decision?

    /// Learns from an inference that ran, or was stopped.
    /// - Precondition: the observation's candidate is one of the policy's.
    mutating func observe(_ observation: Observation)

    /// The time the quickest of some candidates (of all when `nil`) needs now with probability `confidence` (0…1),
    /// overhead not included; zero where there is none.
    ///
    /// For telling which of several waiting samples to run. It moves with the estimated slow-down, so it must not by
    /// itself expire samples: `decide` tells which are expired.
    func timeNeeded(confidence: Double, among candidates: CandidateSet?) -> Duration

    /// How much slower than profiled the machine is held to be.
    var slowdown: SlowdownEstimate { get }
}

extension Policy {
    /// The time the quickest of all candidates needs now with probability `confidence` (0…1), overhead not included.
    public func timeNeeded(confidence: Double) -> Duration { timeNeeded(confidence: confidence, among: nil) }
}
