/// A policy's choice for one sample, and why.
///
/// Holds no references: it is copied and kept without allocation. `explanation(candidates:goal:timeLeft:)` puts it in
/// words when someone asks.
public struct Decision: Sendable, Hashable {
    /// What the choice rests on. When no candidate meets every bound, the confidence gives way by a little, then
    /// energy, then accuracy; the deadline is held longest (ALERT: latency, then accuracy, then energy).
    public enum Rule: String, Sendable, Hashable, Codable, CaseIterable {
        /// Every bound of the goal is expected to be met.
        case goalMet = "goal-met"
        /// Every bound is kept, though less surely than wanted: of those that do the likeliest to.
        case confidenceRelaxed = "confidence-relaxed"
        /// Every bound of the goal is expected to be met; a more accurate candidate would be too, but is not worth its
        /// energy at the price that an energy budget sets.
        case energyPriced = "energy-priced"
        /// The deadline is met, the bound on energy by no candidate that meets it: of these the most accurate, less
        /// what its energy costs under a budget.
        case energyRelaxed = "energy-relaxed"
        /// The deadline is met, the bound on accuracy by no candidate that meets it: the most accurate of these.
        case accuracyRelaxed = "accuracy-relaxed"
        /// No candidate is likely enough to meet the deadline: the likeliest.
        case deadlineUnlikely = "deadline-unlikely"
        /// The policy always chooses this candidate.
        case fixed
        /// What the policy has learned to be worth most.
        case learned
        /// Tried in order to learn.
        case tried
    }

    /// The chosen candidate: an index into the policy's candidates.
    public var candidate: Int
    /// What is expected of it.
    public var prediction: Prediction
    /// What the choice rests on.
    public var rule: Rule
    /// The candidate that shows what the choice was made against: when energy is minimized, the next more accurate
    /// one; else the most accurate of the cheaper ones or, when there is none, the likeliest of the more accurate ones
    /// that the deadline ruled out. `nil` when nothing was to be weighed.
    public var runnerUp: Int?
    /// What was expected of the runner-up; `nil` when there is none.
    public var runnerUpPrediction: Prediction?

    /// Makes a decision.
    public init(
        candidate: Int, prediction: Prediction, rule: Rule, runnerUp: Int? = nil, runnerUpPrediction: Prediction? = nil
    ) {
        self.candidate = candidate
        self.prediction = prediction
        self.rule = rule
        self.runnerUp = runnerUp
        self.runnerUpPrediction = runnerUpPrediction
    }
}
