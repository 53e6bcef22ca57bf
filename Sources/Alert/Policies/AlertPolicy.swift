public import Units

/// ALERT (Wan et al., USENIX ATC 2020), with promises that are kept: the default policy.
///
/// Differs from the paper in what `docs/policies.md` derives and measures: Q bounded by 1e-3 … 0.1, a noise learned
/// from the innovations instead of assumed, medians instead of means as profiled times, a wanted probability of meeting
/// the deadline (`Goal.confidence`), one idle power for the machine, and powers corrected by measured energies.
public struct AlertPolicy: Policy {
    /// What sets the variants of ALERT apart.
    struct Variant: Sendable {
        var name: String
        var estimates: Estimator.Constants
        /// Whether the goal's confidence is a bound, or expected accuracy alone weighs the risk of being late.
        var boundsProbability: Bool
        /// Which candidates it keeps to where a sample allows one of them; all when `nil`.
        var keeps: (@Sendable ([CandidateProfile]) -> CandidateSet)?
        /// Whether settings alone are chosen, which no bound on accuracy can govern.
        var ignoresAccuracy = false
    }

    /// The name it was made by.
    public let name: String
    /// What may be chosen.
    public let candidates: [CandidateProfile]
    /// What to choose for; what was learned stays when it changes.
    public var goal: Goal
    private let boundsProbability: Bool
    private let ignoresAccuracy: Bool
    /// Those it keeps to.
    private let kept: CandidateSet
    private var estimator: Estimator
    private var selection: Selection
    private var queue = EnergyQueue()
    /// How far beyond what was expected nine in ten samples' energies stay: so often a goal must be kept.
    private var energyNoise = RelativeNoise(initial: 0.03, beyond: 0.1)
    /// The last choice, the energy expected of it and of what surrounds it in joules, and the time to the next sample
    /// in seconds.
    private var last = (candidate: -1, energy: 0.0, overhead: 0.0, period: 0.0)

    /// Makes the default policy.
    /// - Throws: `AlertError` with code `invalidProfile` for no candidates or impossible figures.
    public init(candidates: [CandidateProfile], idlePower: Watts, goal: Goal) throws(AlertError) {
        try self.init(.standard, candidates: candidates, idlePower: idlePower, goal: goal)
    }

    init(_ variant: Variant, _ task: Policies.Task) throws(AlertError) {
        try self.init(variant, candidates: task.candidates, idlePower: task.idlePower, goal: task.goal)
    }

    init(
        _ variant: Variant, candidates: [CandidateProfile], idlePower: Watts, goal: Goal
    ) throws(AlertError) {
        name = variant.name
        self.candidates = candidates
        self.goal = goal
        boundsProbability = variant.boundsProbability
        estimator = try Estimator(candidates: candidates, idlePower: idlePower, constants: variant.estimates)
        ignoresAccuracy = variant.ignoresAccuracy
        kept = variant.keeps?(candidates) ?? estimator.all
        selection = Selection(count: candidates.count)
    }

    /// How much slower than profiled the machine is held to be.
    public var slowdown: SlowdownEstimate { estimator.slowdown }

    /// Chooses by the goal's objective among the candidates in time; see `Decision.Rule` for when none meets it all.
    public mutating func decide(_ request: DecisionRequest) -> Decision? {
        guard var outlook = estimator.outlook(request, for: goal) else { return nil }
        // Without a bound a candidate must still have some chance: where none has, expected accuracies are all alike
        // and would let energy choose, though latency comes first.
        let confidence = boundsProbability ? max(goal.confidence, Self.noChance) : Self.noChance
        let requested = request.candidates ?? estimator.all
        let allowed = requested.intersection(kept)
        if ignoresAccuracy { outlook.wantedAccuracy = -.infinity }
        // With a budget for the long run each sample pays a price for energy instead of staying within a bound.
        var price: Double?
        if estimator.ideas.contains(.budget), case .minimizeError(let energy?) = goal.objective {
            price = queue.price(budget: energy.value)
        }
        // Bounds may fail for twice as many samples as the deadline is wanted to: then a goal still counts as kept.
        let tolerates = boundsProbability && estimator.ideas.contains(.tolerance)
        let terms = Selection.Terms(
            objective: goal.objective, confidence: confidence,
            tolerated: tolerates ? max(2 * confidence - 1, Self.noChance) : confidence,
            energyNoise: estimator.ideas.contains(.energyMargin) ? energyNoise.value : 0,
            energyPrice: price, sharedPrice: request.energyPrice, toleratesEnergy: tolerates,
            accuracyStep: estimator.ideas.contains(.thrift) ? 1e-3 : 0)
        let decision = selection.choose(
            among: allowed.isEmpty ? requested : allowed, estimator, in: outlook, terms, beside: request.neighbours)
        last = (
            decision.candidate, decision.prediction.energy.value, request.overheadEnergy.value, request.period.seconds
        )
        return decision
    }

    /// As small a probability as the table of Φ tells from zero.
    private static let noChance = 1e-6

    /// Learns from an inference that ran, or was stopped.
    public mutating func observe(_ observation: Observation) {
        if case .minimizeError(let budget?) = goal.objective, observation.candidate == last.candidate {
            let spent = last.overhead + estimator.spent(observation, period: last.period)
            if estimator.ideas.contains(.budget) { queue.observe(spent, budget: budget.value) }
            energyNoise.observe(isBeyond: spent > last.energy * (1 + energyNoise.value))
        }
        estimator.observe(observation)
    }

    /// The time the quickest of these candidates needs now with probability `confidence`.
    public func timeNeeded(confidence: Double, among candidates: CandidateSet?) -> Duration {
        guard let quickest = estimator.quickest(among: candidates) else { return .zero }
        return estimator.timeNeeded(quickest, confidence: confidence)
    }
}

extension Estimator.Constants {
    /// What every policy predicts with unless it reproduces another's figures.
    static let standard = Estimator.Constants(
        time: { $0.median },
        slowdown: { profiledNoise in
            SlowdownFilter.Constants(
                processNoiseFloor: 1e-3, processNoiseCap: 0.1, noise: .calibrated(initial: profiledNoise), limit: 100)
        },
        idlesAtCandidatePower: false, learnsPower: true, learnsSwitches: true, ideas: .standard)
}

extension AlertPolicy.Variant {
    static let standard = AlertPolicy.Variant(name: "alert", estimates: .standard, boundsProbability: true)
}
