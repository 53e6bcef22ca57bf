public import Units

/// AutoScale (Kim and Wu, MICRO 2020): tabular Q-learning, which knows no model of the machine but what it was
/// rewarded.
///
/// In state S it takes the action A of highest Q(S, A), with probability ε any. Once the reward R and the next state S'
/// are known:
/// ```
/// Q(S, A) ← Q(S, A) + γ (R + μ max Q(S', ·) − Q(S, A))      ε = 0.1, γ = 0.9, μ = 0.1
/// ```
/// States, actions and reward are adapted to what heed knows: see `AutoscaleState`, `AutoscaleReward`; the actions are
/// the candidates. Q starts from the rewards that the profile lets expect, and a state's actions are taken greedily
/// once it was learned from `convergence` times.
public struct AutoscalePolicy: Policy {
    static let exploration = 0.1
    static let learningRate = 0.9
    static let discount = 0.1
    /// After about so many inferences AutoScale's table has converged.
    static let convergence = 50

    /// The name it was made by.
    public let name = "autoscale"
    /// What may be chosen.
    public let candidates: [CandidateProfile]
    /// What to choose for. Another goal has other rewards: the table then starts anew.
    public var goal: Goal {
        didSet { if LearnedGoal(goal) != LearnedGoal(oldValue) { restart() } }
    }
    /// What was learned.
    var table: AutoscaleTable
    /// What was learned of candidates that are not here, for runs that have them.
    var absent: [AutoscaleColumn] = []

    /// An action that is to be rewarded.
    struct Pending: Sendable, BitwiseCopyable {
        var state: Int
        var candidate: Int
        /// The seconds it has to be in time.
        var time: Double
        var reward: Double?
    }

    let seed: UInt64
    private(set) var rewards: AutoscaleReward
    private var estimator: Estimator
    var generator: SeededGenerator
    var pending: Pending?
    private var lastSlowdown = 1.0
    private var lastChange = 0.0

    /// Makes a policy that has learned nothing yet.
    /// - Parameter seed: what its tries are drawn from; the same seed tries the same.
    /// - Throws: `AlertError` with code `invalidProfile` for no candidates or impossible figures.
    public init(
        candidates: [CandidateProfile], idlePower: Watts, goal: Goal, seed: UInt64
    ) throws(AlertError) {
        self.candidates = candidates
        self.goal = goal
        self.seed = seed
        estimator = try Estimator(candidates: candidates, idlePower: idlePower, constants: .standard)
        generator = SeededGenerator(seed: seed)
        rewards = AutoscaleReward(goal: goal, candidates: candidates)
        table = Self.start(candidates, rewards)
    }

    init(_ task: Policies.Task) throws(AlertError) {
        try self.init(candidates: task.candidates, idlePower: task.idlePower, goal: task.goal, seed: task.seed)
    }

    private mutating func restart() {
        rewards = AutoscaleReward(goal: goal, candidates: candidates)
        table = Self.start(candidates, rewards)
        absent = []
        pending = nil
    }

    private static func start(_ candidates: [CandidateProfile], _ rewards: AutoscaleReward) -> AutoscaleTable {
        AutoscaleTable(width: candidates.count) { expectation(of: candidates[$1], in: $0, rewards) }
    }

    /// The reward that the profile lets expect.
    static func expectation(of candidate: CandidateProfile, in state: Int, _ rewards: AutoscaleReward) -> Double {
        let scale = CandidateProfile.scale(growth: candidate.growth, size: AutoscaleState.typicalSize(of: state))
        let time = candidate.time.median * 1e-3 * scale * AutoscaleState.typicalSlowdown(of: state)
        let left = rewards.goal.deadline.seconds * AutoscaleState.typicalTimeShare(of: state)
        return rewards.reward(
            time: time, isInTime: time <= left, energy: candidate.power.value * time, accuracy: candidate.accuracy)
    }

    /// How much slower than profiled the machine is held to be; only what is promised of a choice rests on it.
    public var slowdown: SlowdownEstimate { estimator.slowdown }

    /// The action of highest expected reward or, now and then, any.
    public mutating func decide(_ request: DecisionRequest) -> Decision? {
        guard let outlook = estimator.outlook(request, for: goal) else { return nil }
        let allowed = request.candidates ?? estimator.all
        let state = AutoscaleState(
            slowdown: lastSlowdown, change: lastChange,
            timeShare: request.timeLeft.seconds / goal.deadline.seconds, size: request.size
        ).index
        let best = table.best(state, among: allowed)
        settle(next: state, best)
        let explores = table.visits(of: state) < Self.convergence && generator.share() < Self.exploration
        let choice = explores ? Self.any(of: allowed, using: &generator) : best
        pending = Pending(state: state, candidate: choice, time: outlook.time)
        return Decision(
            candidate: choice, prediction: Prediction(estimator.estimate(choice, in: outlook)),
            rule: explores ? .tried : .learned)
    }

    /// Learns what the action was worth.
    public mutating func observe(_ observation: Observation) {
        estimator.observe(observation)
        let candidate = candidates[observation.candidate]
        let time = observation.time.seconds
        let profiled =
            candidate.time.median * 1e-3
            * CandidateProfile.scale(
                growth: candidate.growth, size: observation.size)
        let slowdown = time / profiled
        lastChange = abs(slowdown / max(lastSlowdown, 1e-3) - 1)
        lastSlowdown = slowdown
        guard let action = pending, action.candidate == observation.candidate else { return }
        let answer = Self.accuracy(of: candidate, observation)
        pending?.reward = rewards.reward(
            time: time, isInTime: answer != nil && time <= action.time,
            energy: observation.energy?.value ?? candidate.power.value * time,
            accuracy: answer ?? goal.missAccuracy)
    }

    /// The time the quickest of these candidates needs now with probability `confidence`.
    public func timeNeeded(confidence: Double, among candidates: CandidateSet?) -> Duration {
        guard let quickest = estimator.quickest(among: candidates) else { return .zero }
        return estimator.timeNeeded(quickest, confidence: confidence)
    }

    /// Corrects the last action's value, now that the state it led to is known.
    private mutating func settle(next state: Int, _ best: Int) {
        guard let action = pending, let reward = action.reward else { return }
        pending = nil
        let target = reward + Self.discount * table.value(state, best)
        table.move(action.state, action.candidate, towards: target, rate: Self.learningRate)
    }

    private static func any(of allowed: CandidateSet, using generator: inout SeededGenerator) -> Int {
        var skipped = Int(generator.share() * Double(allowed.count))
        var last = 0
        for candidate in allowed {
            last = candidate
            if skipped == 0 { break }
            skipped -= 1
        }
        return last
    }

    /// The accuracy of the answer an inference gave; `nil` where it gave none.
    private static func accuracy(of candidate: CandidateProfile, _ observation: Observation) -> Double? {
        guard let done = observation.stagesDone, done < candidate.stages.count else {
            return observation.isCensored ? nil : candidate.accuracy
        }
        return done > 0 ? candidate.stages[done - 1].accuracy : nil
    }
}
