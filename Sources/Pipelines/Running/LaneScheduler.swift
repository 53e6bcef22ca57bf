import Alert
import Media
import Units

/// A lane's ALERT stage: asks the policy what to run for a sample, says why in the sample's result, and keeps what else
/// a sample takes.
struct LaneScheduler<Stage: RecognitionStage> {
    let stage: Stage
    let clock: RunClock
    /// Who chooses, and learns.
    var policy: any Policy
    /// What sets the machine as a candidate wants it; nil where no candidate wants anything.
    var power: LanePower?
    /// What was observed last, for a policy that takes over.
    private var recent = RecentObservations()
    /// What the lane shares with others; nil where it is alone.
    let share: LaneShare?
    /// Whether what was decided last may wait for others; else waiting is too long for it.
    private var mayWait = true
    /// The budget of power that the run has; nil where it has none.
    let budget: SharedBudget?
    /// What a joule costs in accuracy for the present sample, however often it is decided.
    private var price = 0.0
    /// What a sample takes beside its inference.
    var overhead = OverheadEstimate()
    /// What outlives the policy in force; nil where nothing does.
    private let memory: StreamMemory?

    init(
        stage: Stage, clock: RunClock, policy: any Policy, power: LanePower?, share: LaneShare?, budget: SharedBudget?,
        memory: StreamMemory?
    ) {
        self.memory = memory
        self.share = share
        self.budget = budget
        self.stage = stage
        self.clock = clock
        self.policy = policy
        self.power = power
    }

    /// Asks what energy costs now; once for each sample, for the budget counts how often it is asked.
    mutating func askPrice() { price = budget?.price() ?? 0 }

    /// Learns from an inference that ran, or was stopped.
    mutating func observe(_ observation: Observation) {
        policy.observe(observation)
        recent.add(observation)
    }

    /// Does what other threads ask for: feedback first, for it is about an answer under the old policy.
    mutating func obey(_ orders: StreamControls.Orders) {
        if let feedback = orders.feedback, var learner = policy as? any FeedbackPolicy {
            learner.learn(feedback)
            policy = learner
        }
        guard orders.policy != nil || orders.goal != nil else { return }
        keepLearned()
        if var made = orders.policy {
            recent.forEach { made.observe($0) }
            policy = made
        }
        if let goal = orders.goal { policy.goal = goal }
        memory?.recall(&policy)
    }

    /// Keeps what the policy in force has learned, before another one or another goal takes its place.
    func keepLearned() { memory?.keep(policy) }

    /// The time that a sample must have left so that it need not make room for a newer one.
    var timeNeeded: Duration {
        let inference =
            stage.hasUniformSamples ? policy.timeNeeded(confidence: policy.goal.confidence, among: ready) : .zero
        return inference + overhead.value
    }

    /// Asks the policy, and begins the result with what it says; no decision means that the sample has expired.
    ///
    /// - Parameters:
    ///   - period: The time until the next sample is due.
    ///   - tried: Those that may not be chosen again for this sample.
    ///   - lost: The one that failed with its processor: where the pipeline names several, the next one's turn has
    ///     come.
    mutating func decide(
        _ sample: Sample<Stage.Payload>, _ choice: SamplePlan.Choice, period: Duration,
        without tried: CandidateSet = CandidateSet(), lost: Int? = nil
    ) -> (Decision?, SampleResult) {
        let allowed = allowed(choice, without: tried)
        for next in lost.map({ processors(after: $0, allowed) }) ?? [] {
            let (decision, result) = decide(sample, choice, period: period, among: next)
            if decision != nil { return (decision, result) }
        }
        return decide(sample, choice, period: period, among: allowed)
    }

    private mutating func decide(
        _ sample: Sample<Stage.Payload>, _ choice: SamplePlan.Choice, period: Duration, among allowed: CandidateSet
    ) -> (Decision?, SampleResult) {
        let slowdown = policy.slowdown.mean
        let now = clock.now()
        let timeLeft = sample.deadline - now
        let neighbours = share?.neighbours
        var request = DecisionRequest(
            timeLeft: timeLeft, overhead: overhead.value + max(.zero, timeLeft * choice.reserve),
            overheadEnergy: overhead.energy, period: period, size: choice.size, candidates: allowed,
            mustAnswer: choice.mustAnswer, neighbours: neighbours, energyPrice: price)
        var decision = policy.decide(request)
        // Where waiting for others is too long for all, what can be done beside them at once is the best there is.
        mayWait = true
        if let neighbours, decision?.rule == .deadlineUnlikely, neighbours.delay > .zero, !neighbours.delayed.isEmpty {
            request.neighbours = nil
            decision = policy.decide(request)
            mayWait = false
        }
        let scheduling = clock.now() - now

        var result = Stage.result(of: sample, outcome: .expired, reason: "")
        result.schedulerMicroseconds = scheduling.microseconds.rounded(decimals: 3)
        result.slowdown = slowdown.rounded(decimals: 4)
        if let decision {
            result.candidate = policy.candidates[decision.candidate].candidate.name
            result.predictedMilliseconds = decision.prediction.time.milliseconds.rounded(decimals: 4)
            result.predictedProbability = decision.prediction.probability.rounded(decimals: 4)
            result.rule = decision.rule
            let goal = policy.goal.with(deadline: sample.deadline - sample.captured)
            result.reason = decision.explanation(candidates: policy.candidates, goal: goal, timeLeft: timeLeft)
        } else if allowed.isEmpty {
            result.outcome = .failed
            result.reason = "no recogniser is loaded" + (stage.losses.map { ": \($0)" } ?? " yet")
        } else if timeLeft > .zero {
            result.reason = "\(timeLeft.words) left: no recogniser is that quick"
        } else {
            result.reason = "the deadline had passed \((.zero - timeLeft).words) before a recogniser was free"
        }
        return (decision, result)
    }

    /// The candidates that can run now.
    private var ready: CandidateSet { power.map { stage.ready.subtracting($0.withdrawn) } ?? stage.ready }

    /// What may be chosen of each processor that the pipeline names, beginning behind the one that was lost.
    private func processors(after lost: Int, _ allowed: CandidateSet) -> [CandidateSet] {
        func processor(_ candidate: Int) -> String { policy.candidates[candidate].candidate.setting.processor }
        let order = stage.processorOrder
        guard let place = order.firstIndex(of: processor(lost)) else { return [] }
        return (order[(place + 1)...] + order[..<place])
            .map { name in CandidateSet(allowed.filter { processor($0) == name }) }.filter { !$0.isEmpty }
    }

    /// Until when what was decided last may wait for what other lanes have: then it must begin, or else be late.
    func patience(for decision: Decision, until deadline: MonotonicTime) -> MonotonicTime {
        mayWait ? deadline + (.zero - overhead.value - decision.prediction.time) : clock.now()
    }

    /// Tells the other lanes when the sample after this one must begin, if that is known.
    func expectNext(after sample: Sample<Stage.Payload>?) {
        guard let share else { return }
        guard let sample, let modest = share.modest(among: ready) else { return share.expect(nil) }
        let needed = policy.timeNeeded(confidence: policy.goal.confidence, among: modest.candidates) + overhead.value
        share.expect((modest.demand, sample.deadline + (stage.interval - needed)))
    }

    /// How long a candidate may take that answers in stages, and begins now; nil for one that answers once.
    func limit(of candidate: Int, until deadline: MonotonicTime) -> StageLimit? {
        StageLimit(
            policy.candidates[candidate], left: deadline - clock.now() - overhead.value, slowdown: policy.slowdown.mean)
    }

    /// Whether an answer that is there already is in time, and what was chosen to better it is not likely to be.
    func stands(_ sample: Sample<Stage.Payload>, against decision: Decision) -> Bool {
        decision.rule == .deadlineUnlikely && clock.now() + overhead.value <= sample.deadline
    }

    /// What may be chosen now.
    private func allowed(_ choice: SamplePlan.Choice, without tried: CandidateSet) -> CandidateSet {
        let ready = ready.subtracting(tried)
        let asked = CandidateSet(choice.candidates ?? policy.candidates.indices).intersection(ready)
        guard asked.isEmpty, let others = choice.others else { return asked }
        return CandidateSet(others).intersection(ready)
    }
}
