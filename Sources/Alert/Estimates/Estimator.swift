import Units

/// Predicts each candidate's time, probability of meeting the deadline, accuracy and energy, and learns to.
///
/// Holds what every policy that predicts needs: the profile as a flat table, and the filters for ξ and power. With
/// profiled time t (for the sample's size), profiled power p, accuracy q, time left T (less the overhead) and time to
/// the next sample P, with c, what a switch takes, zero for what ran last, and e₀, what the overhead spends:
/// ```
/// time         μ t + c
/// probability  Pr = Φ(((T − c) / t − μ) / σ)
/// accuracy     Pr q + (1 − Pr) q_fail
/// energy       π p · (μ t + c) + φ p' · max(P − μ t − c, 0) + e₀
/// ```
/// (ALERT, sections on probability, accuracy and energy; π and p' in `Constants`.) A candidate that answers in stages s
/// with times t_s and accuracies q_s, q_0 = q_fail, is stopped at the deadline, so that it spends its power for less
/// (here without a switch; else T − c stands for T, and c is added):
/// ```
/// accuracy     q_0 + Σ Pr_s (q_s − q_(s−1))
/// time         E[min(ξ t, T)] = T − σ t (z Φ(z) + Φ'(z)),  z = (T / t − μ) / σ
/// ```
struct Estimator: Sendable {
    let normal = NormalDistribution.shared
    let rows: ContiguousArray<Row>
    let stages: ContiguousArray<Stage>
    private let learnsPower: Bool
    private let learnsSwitches: Bool
    private(set) var switchCosts: SwitchCosts
    private let usesVariance: Bool
    let ideas: Ideas
    private(set) var slowdowns: SlowdownModel
    private var difficulty: Difficulty
    private(set) var continuations: Continuations
    private var idleFilter: RatioFilter
    private var powerFilter = RatioFilter(initial: 1)

    /// The candidate with the shortest profiled time to an answer; of several, the one that draws least.
    let quickest: Int
    /// All candidates.
    let all: CandidateSet

    /// - Throws: `AlertError` with code `invalidProfile` for no candidates or impossible figures.
    init(candidates: [CandidateProfile], idlePower: Watts, constants: Constants) throws(AlertError) {
        guard !candidates.isEmpty else {
            throw AlertError(.invalidProfile, "there is no candidate to choose from; profile at least one recogniser")
        }
        guard candidates.count <= CandidateSet.capacity else {
            throw AlertError(
                .invalidProfile,
                "there are \(candidates.count) candidates, more than the \(CandidateSet.capacity) that are chosen among; "
                    + "name fewer recognisers or settings")
        }
        for candidate in candidates { try candidate.check() }
        guard idlePower.value >= 0, idlePower.value.isFinite else {
            throw AlertError(.invalidProfile, "idle_power_w is \(idlePower.value), expected 0 W or more")
        }
        let meanPower = candidates.reduce(0) { $0 + $1.power.value } / Double(candidates.count)
        var stages = ContiguousArray<Stage>()
        let places = SwitchCosts.places(of: candidates.map(\.candidate))
        let traits = SlowdownModel.traits(of: candidates)
        let answers = Difficulty.groups(of: candidates)
        rows = ContiguousArray(
            candidates.enumerated().map { index, candidate in
                let time = constants.time(candidate.time) * 1e-3
                let least = candidate.stages.first?.time.minimum ?? candidate.time.minimum
                let firstStage = stages.count
                stages += candidate.stages.map { Stage(time: constants.time($0.time) * 1e-3, accuracy: $0.accuracy) }
                return Row(
                    time: time, least: least * 1e-3, growth: candidate.growth, power: candidate.power.value,
                    idlePower: constants.idlesAtCandidatePower ? candidate.power.value : meanPower,
                    accuracy: candidate.accuracy, firstStage: Int32(firstStage),
                    stageCount: Int32(candidate.stages.count), place: places[index], traits: traits[index],
                    answers: answers.first[index])
            })
        self.stages = stages
        all = CandidateSet(candidates.indices)
        switchCosts = SwitchCosts(candidates, places: places)
        learnsSwitches = constants.learnsSwitches
        learnsPower = constants.learnsPower
        usesVariance = constants.usesVariance
        ideas = constants.ideas
        let noise = Self.profiledNoise(candidates)
        slowdowns = SlowdownModel(constants.slowdown(noise), noise: noise, ideas: constants.ideas)
        difficulty = Difficulty(count: answers.count)
        continuations = Continuations(count: answers.count)
        idleFilter = RatioFilter(initial: meanPower > 0 ? idlePower.value / meanPower : 0)
        let order = rows.map { row in (row.stageCount > 0 ? stages[Int(row.firstStage)].time : row.time, row.power) }
        quickest = order.indices.reduce(0) { best, index in order[index] < order[best] ? index : best }
    }

    /// The quickest to an answer of these candidates, of all when `nil`; `nil` when there is none.
    func quickest(among candidates: CandidateSet?) -> Int? {
        guard let candidates, candidates != all else { return quickest }
        var found: Int?
        for candidate in candidates {
            guard let other = found else {
                found = candidate
                continue
            }
            let (row, best) = (rows[candidate], rows[other])
            if (answerTime(row), row.power) < (answerTime(best), best.power) { found = candidate }
        }
        return found
    }

    /// How far single runs lay from their median while profiled, relative to it: the middle candidate's figure. Read
    /// off the 95th percentile, because that is what the filter is going to calibrate.
    private static func profiledNoise(_ candidates: [CandidateProfile]) -> Double {
        let noises = candidates.map { ($0.time.p95 / $0.time.median - 1) / 1.6448536269514722 }.sorted()
        return min(max(noises[noises.count / 2], 0.02), 0.3)
    }

    var count: Int { rows.count }

    var slowdown: SlowdownEstimate { slowdowns.estimate }

    /// What is known for one sample, or `nil` when nothing may be chosen or nothing could meet its deadline.
    ///
    /// Neither the slow-down nor the overhead count here: with a wrong estimate of either no sample would ever be run
    /// that could put it right. Only a machine found faster than its profile moves the limit, and only downwards.
    func outlook(_ request: DecisionRequest, for goal: Goal) -> Outlook? {
        let estimate = slowdowns.estimate
        let timeLeft = request.timeLeft.seconds
        let allowed = request.candidates ?? all
        guard !allowed.isEmpty else { return nil }
        let pace = min(estimate.mean, 1)
        // The first few candidates mostly settle it.
        guard
            request.mustAnswer
                || allowed.contains(where: { rows[$0].least * rows[$0].scale(request.size) * pace <= timeLeft })
        else { return nil }
        return Outlook(
            time: max(timeLeft - request.overhead.seconds, 0), size: request.size, period: request.period.seconds,
            slowdown: estimate.mean, certainty: usesVariance ? 1 / max(estimate.standardDeviation, 1e-9) : 1e9,
            isEmpirical: usesVariance && slowdowns.isEmpirical, isFactored: slowdowns.isFactored,
            errorRatio: ideas.contains(.difficulty) ? difficulty.errorRatio : 1,
            switchShare: ideas.contains(.switching) ? switchCosts.share : 1, powerRatio: powerFilter.value,
            overheadEnergy: request.overheadEnergy.value, idleRatio: idleFilter.value, missAccuracy: goal.missAccuracy,
            wantedAccuracy: goal.wantedAccuracy, wantsAccurateAnswers: ideas.contains(.answers))
    }

    /// What to expect of each of these candidates: the loop that a decision spends half its time in.
    func estimate(_ candidates: CandidateSet, in outlook: Outlook, into estimates: inout ContiguousArray<Estimate>) {
        var estimates = estimates.mutableSpan
        for candidate in candidates { estimates[candidate] = estimate(candidate, in: outlook) }
    }

    /// What to expect of a candidate.
    @inline(__always)
    func estimate(_ candidate: Int, in outlook: Outlook) -> Estimate {
        let row = rows[candidate]
        if row.stageCount > 0 { return estimate(stagesOf: candidate, in: outlook) }
        let profiled = row.time * row.scale(outlook.size)
        let change = switchCosts.cost(of: row.place)
        let slowdown = outlook.isFactored ? slowdowns.mean(row.traits) : outlook.slowdown
        let time = slowdown * profiled + change
        let left = max(outlook.time - change, 0)
        let charged = time - change * (1 - outlook.switchShare)
        let probability = probability(left, profiled, slowdown, in: outlook)
        let ofAnswers = 1 - (1 - row.accuracy) * outlook.errorRatio
        let accuracy = outlook.missAccuracy + probability * (ofAnswers - outlook.missAccuracy)
        let isAccurate = (outlook.wantsAccurateAnswers ? ofAnswers : accuracy) >= outlook.wantedAccuracy
        return Estimate(
            time: time, probability: probability, accuracy: accuracy,
            energy: energy(of: row, for: charged, in: outlook), assurance: isAccurate ? probability : 0)
    }

    /// The probability that what was profiled to take so long is done in the time left for it.
    @inline(__always)
    func probability(
        _ left: Double, _ profiled: Double, _ slowdown: Double, in outlook: Outlook
    ) -> Double {
        outlook.isEmpirical
            ? slowdowns.cumulative(left / (profiled * slowdown))
            : normal.cumulative((left / profiled - slowdown) * outlook.certainty)
    }

    @inline(__always)
    func energy(of row: Row, for time: Double, in outlook: Outlook) -> Double {
        outlook.powerRatio * row.power * time + outlook.idleRatio * row.idlePower * max(outlook.period - time, 0)
            + outlook.overheadEnergy
    }

    /// How accurate a candidate is when it is in time, as profiled.
    @inline(__always)
    func accuracy(of candidate: Int) -> Double { rows[candidate].accuracy }

    /// The time a candidate needs now to an answer with probability `confidence`.
    func timeNeeded(_ candidate: Int, confidence: Double) -> Duration {
        let row = rows[candidate]
        return Duration(bounded: max(slowdowns.quantile(confidence, row.traits, normal), 0) * answerTime(row))
    }

    /// The joules a sample spent, measured or else expected, with what waiting for the next one is expected to.
    func spent(_ observation: Observation, period: Double) -> Double {
        let row = rows[observation.candidate]
        let time = observation.time.seconds
        let running = observation.energy?.value ?? powerFilter.value * row.power * time
        return running + idleFilter.value * row.idlePower * max(period - time, 0)
    }

    mutating func observe(_ observation: Observation) {
        precondition(rows.indices.contains(observation.candidate), "no candidate \(observation.candidate)")
        let row = rows[observation.candidate]
        let time = observation.time.seconds
        guard time >= 0 else { return }
        let measured = measurement(observation, of: row)
        let change =
            learnsSwitches
            ? switchCosts.observe(
                row.place, time: measured.time, usual: slowdowns.expected(row.traits) * measured.profiled,
                isCensored: measured.isCensored)
            : SwitchCosts.Expected()
        // What a switch took says nothing of how fast the machine is.
        if !change.isSettling {
            slowdowns.observe(
                max(measured.time - change.seconds, 0) / measured.profiled, isCensored: measured.isCensored, row.traits)
        }
        if row.stageCount > 0 {
            let done = observation.stagesDone ?? Int(row.stageCount)
            continuations.observe(Int(row.answers), stagesDone: done, endedSure: observation.endedSure)
        }
        if ideas.contains(.difficulty), let confidence = observation.confidence {
            let stage = observation.stagesDone ?? Int(row.stageCount)
            difficulty.observe(Int(row.answers) + max(stage - 1, 0), confidence: confidence)
        }
        if let idlePower = observation.idlePower { idleFilter.observe(idlePower.value / row.idlePower) }
        if learnsPower, !change.isSettling, let energy = observation.energy {
            powerFilter.observe(energy.value / (row.power * time))
        }
    }

    private func answerTime(_ row: Row) -> Double { row.stageCount > 0 ? stages[Int(row.firstStage)].time : row.time }
}

extension Prediction {
    init(_ estimate: Estimate) {
        self.init(
            time: Duration(bounded: estimate.time), probability: estimate.probability, accuracy: estimate.accuracy,
            energy: Joules(estimate.energy))
    }
}

extension Duration {
    /// A duration from seconds, at most some 31 years: an estimate must never trap, however far off.
    init(bounded seconds: Double) { self.init(nanoseconds: Int64(min(max(seconds, -1e9), 1e9) * 1e9)) }
}
