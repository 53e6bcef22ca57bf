public import Units

/// A contextual bandit that learns from feedback which answers are wanted (after Lu, Yang, Chen, Ren: *Automating Deep
/// Neural Network Model Selection for Edge Inference*, IEEE CogMI 2019; the algorithm is LinUCB, Li et al., WWW 2010).
///
/// Each candidate is described by features x of the device and of the recogniser, and the value of its answer is taken
/// to be θ · x, 1 for good and 0 for bad, with θ and A from a ridge regression over what was said. Of the candidates in
/// time the one of highest upper bound is chosen:
/// ```
/// θ · x + α √(xᵀ A⁻¹ x)
/// ```
/// θ starts as *wanted is what is right*: the expected accuracy counts 1 and all else nothing. The goal's bounds on
/// energy and accuracy are not used: what is wanted is to be learned.
public struct BanditPolicy: FeedbackPolicy {
    /// α: how many standard deviations an answer may be better than it looks.
    static let exploration = 1.0
    /// λ: how many answers' feedback the guess at the start counts for.
    static let stiffness = 1.0

    /// The name it was made by.
    public let name = "bandit"
    /// What may be chosen.
    public let candidates: [CandidateProfile]
    /// What to choose for: of it the deadline and the confidence count.
    public var goal: Goal
    var regression: RidgeRegression
    /// How many answers something was said of.
    var judged = 0
    private var estimator: Estimator
    private let description: BanditFeatures
    private var decided: (candidate: Int, features: RidgeRegression.Features)?
    var answered: RidgeRegression.Features?

    /// Makes a policy that has heard nothing.
    /// - Throws: `AlertError` with code `invalidProfile` for no candidates or impossible figures.
    public init(candidates: [CandidateProfile], idlePower: Watts, goal: Goal) throws(AlertError) {
        self.candidates = candidates
        self.goal = goal
        estimator = try Estimator(candidates: candidates, idlePower: idlePower, constants: .standard)
        description = BanditFeatures(candidates)
        regression = RidgeRegression(guess: [0, 1, 0, 0, 0, 0, 0, 0], stiffness: Self.stiffness)
    }

    init(_ task: Policies.Task) throws(AlertError) {
        try self.init(candidates: task.candidates, idlePower: task.idlePower, goal: task.goal)
    }

    /// How much slower than profiled the machine is held to be.
    public var slowdown: SlowdownEstimate { estimator.slowdown }

    /// The candidate in time whose answer may be wanted most; where none is in time, the likeliest to be.
    public mutating func decide(_ request: DecisionRequest) -> Decision? {
        guard let outlook = estimator.outlook(request, for: goal) else { return nil }
        var best = -1
        var bestFeatures = RidgeRegression.Features.zero
        var bestEstimate = Estimate()
        var (bestIsInTime, bestMerit) = (false, -Double.infinity)
        for candidate in request.candidates ?? estimator.all {
            let estimate = estimator.estimate(candidate, in: outlook)
            let isInTime = estimate.probability >= goal.confidence
            if bestIsInTime && !isInTime { continue }
            let features = description.features(of: candidate, estimate, in: outlook)
            // Most are known to be no better without a look at what is known of them.
            let isRival = isInTime && bestIsInTime
            if isRival, !regression.mayExceed(bestMerit, features, exploration: Self.exploration) { continue }
            let merit =
                isInTime
                ? regression.value(features) + Self.exploration * regression.uncertainty(features).squareRoot()
                : estimate.probability
            if best < 0 || isInTime && !bestIsInTime || merit > bestMerit {
                (best, bestIsInTime, bestMerit) = (candidate, isInTime, merit)
                (bestFeatures, bestEstimate) = (features, estimate)
            }
        }
        decided = (best, bestFeatures)
        return Decision(
            candidate: best, prediction: Prediction(bestEstimate), rule: bestIsInTime ? .learned : .deadlineUnlikely)
    }

    /// Learns how fast and how hungry the machine is; what was wanted is learned from feedback alone.
    public mutating func observe(_ observation: Observation) {
        estimator.observe(observation)
        answered = decided?.candidate == observation.candidate ? decided?.features : nil
    }

    /// Learns from what is said of the last answer.
    public mutating func learn(_ feedback: Feedback) {
        guard let features = answered else { return }
        regression.observe(features, feedback == .good ? 1 : 0)
        judged += 1
        answered = nil
    }

    /// The time the quickest of these candidates needs now with probability `confidence`.
    public func timeNeeded(confidence: Double, among candidates: CandidateSet?) -> Duration {
        guard let quickest = estimator.quickest(among: candidates) else { return .zero }
        return estimator.timeNeeded(quickest, confidence: confidence)
    }
}
