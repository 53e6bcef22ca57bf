public import Alert
import Units

/// Replays policies over a trace: looks up what each choice would have come to, and tells the policy what it would have
/// seen.
///
/// As live, what goes before inference is taken off the deadline: what is expected of it where a policy decides, what
/// it took where the answer is judged.
///
/// Samples are independent: each starts when it is due, whatever became of the one before (ALERT has no queue). The
/// power of waiting for the next sample is the trace's own. Immutable; may be used from several threads at once.
public struct TracePlayer: Sendable {
    /// What is played.
    public let trace: Trace
    /// What policies choose from: each candidate of the trace, stopped after each of its stages.
    public let candidates: [CandidateProfile]
    let options: ContiguousArray<TraceOption>
    /// The accuracies of each option's stages, as profiled.
    let accuracies: ContiguousArray<Double>

    /// Makes a player.
    ///
    /// Where candidates and stops are more than policies choose among (`CandidateSet.capacity`), only every second,
    /// third … of the candidates that answer in stages can be stopped before its last.
    public init(_ trace: Trace) {
        self.trace = trace
        let profiles = trace.header.profile.candidates
        let anytime = profiles.indices.filter { profiles[$0].isAnytime }
        func stops(every step: Int) -> [[CandidateProfile]] {
            let stopped = Set(stride(from: 0, to: anytime.count, by: step).map { anytime[$0] })
            return profiles.indices.map { stopped.contains($0) ? profiles[$0].stops : [profiles[$0]] }
        }
        let step = (1...max(anytime.count, 1)).first {
            stops(every: $0).reduce(0) { $0 + $1.count } <= CandidateSet.capacity
        }
        var candidates: [CandidateProfile] = []
        var options = ContiguousArray<TraceOption>()
        var accuracies = ContiguousArray<Double>()
        for (index, list) in (step.map { stops(every: $0) } ?? profiles.map { [$0] }).enumerated() {
            for stop in list {
                options.append(
                    TraceOption(
                        firstColumn: trace.layout.firstColumn[index], stages: max(stop.stages.count, 1),
                        isAnytime: stop.isAnytime, firstAccuracy: accuracies.count))
                accuracies += stop.isAnytime ? stop.stages.map(\.accuracy) : [stop.accuracy]
                candidates.append(stop)
            }
        }
        self.candidates = candidates
        self.options = options
        self.accuracies = accuracies
    }

    /// Plays a policy by its name.
    /// - Parameter keepsSteps: whether what became of single samples is kept.
    /// - Throws: `AlertError` as `Policies.make`.
    public func play(
        _ name: String, for goal: TraceGoal, budget: EnergyBudget = .each, keepsSteps: Bool = false
    ) throws(AlertError) -> PlayedRun {
        var policy = try Policies.make(
            name, candidates: candidates, idlePower: trace.header.profile.idlePower, goal: goal.goal)
        return play(&policy, for: goal, budget: budget, keepsSteps: keepsSteps)
    }

    /// Plays a policy made for this player's candidates, and leaves it as it was after the last sample.
    public func play(
        _ policy: inout some Policy, for goal: TraceGoal, budget: EnergyBudget = .each, keepsSteps: Bool = false
    ) -> PlayedRun {
        policy.goal = goal.goal
        let bounds = Bounds(goal, budget: budget)
        var run = PlayedRun(candidates: candidates.count)
        var last = -1
        var overhead = OverheadEstimate()
        let clock = ContinuousClock()
        let start = clock.now
        trace.figures.withUnsafeBufferPointer { figures in
            guard let base = figures.baseAddress else { return }
            for sample in 0..<trace.count {
                let row = base + sample * trace.layout.columns
                let size = Double(row[1])
                let decision = policy.decide(
                    DecisionRequest(
                        timeLeft: goal.goal.deadline, overhead: overhead.value, overheadEnergy: overhead.energy,
                        period: goal.period, size: size))
                guard let decision else {
                    run.add(
                        nil, candidate: -1, energy: waitingPower(sample, base) * bounds.period,
                        quality: bounds.missAccuracy, worth: bounds.missAccuracy, for: bounds)
                    if keepsSteps { run.steps.append(.init(candidate: -1, stage: 0, time: 0, energy: 0)) }
                    continue
                }
                let chosen = decision.candidate
                let option = options[chosen]
                let outcome = option.outcome(row, figures: trace.layout.figures, deadline: bounds.timeLeft(row))
                observe(row, &overhead)
                count(outcome, chosen, sample, base, bounds, &run, keepsSteps: keepsSteps)
                run.calibration.add(promised: decision.prediction.probability, isKept: outcome.stage > 0)
                if chosen != last && last >= 0 { run.switches += 1 }
                last = chosen
                policy.observe(observation(of: outcome, chosen, row))
            }
        }
        run.elapsed = clock.now - start
        return run
    }

    /// What a policy is told of a run.
    @inline(__always)
    func observation(of outcome: Outcome, _ candidate: Int, _ row: UnsafePointer<Float>) -> Observation {
        let option = options[candidate]
        let hasStages = option.isAnytime
        let figures = trace.layout.figures
        let confidence: Double? =
            figures > 3 && outcome.stagesDone > 0
            ? Double(row[option.firstColumn + (outcome.stagesDone - 1) * figures + 3]) : nil
        return Observation(
            candidate: candidate, size: Double(row[1]), time: Duration(played: outcome.time),
            isCensored: outcome.stagesDone < option.stages, stagesDone: hasStages ? outcome.stagesDone : nil,
            answerTime: hasStages && outcome.stagesDone > 0 ? Duration(played: outcome.answerTime) : nil,
            confidence: confidence, energy: Joules(outcome.energy), idlePower: Watts(Double(row[0])))
    }

    /// The power of waiting for the sample after this one; after the last, of waiting for itself.
    @inline(__always)
    func waitingPower(_ sample: Int, _ base: UnsafePointer<Float>) -> Double {
        Double(base[min(sample + 1, trace.count - 1) * trace.layout.columns])
    }

    /// Learns what went before a sample's inference.
    @inline(__always)
    func observe(_ row: UnsafePointer<Float>, _ overhead: inout OverheadEstimate) {
        let (time, energy) = (Double(row[2]), Double(row[3]))
        overhead.observe(Duration(played: time), energy: Joules(energy - Double(row[0]) * time))
    }

    /// What a sample spends from its arrival to the next one's.
    @inline(__always)
    func energy(_ outcome: Outcome, _ sample: Int, _ base: UnsafePointer<Float>, period: Double) -> Double {
        let row = base + sample * trace.layout.columns
        let waiting = max(period - Double(row[2]) - outcome.time, 0)
        return Double(row[3]) + outcome.energy + waitingPower(sample, base) * waiting
    }

    /// Counts what a choice came to.
    @inline(__always)
    func count(
        _ outcome: Outcome, _ candidate: Int, _ sample: Int, _ base: UnsafePointer<Float>, _ bounds: Bounds,
        _ run: inout PlayedRun, keepsSteps: Bool
    ) {
        let spent = energy(outcome, sample, base, period: bounds.period)
        var (quality, worth) = (bounds.missAccuracy, bounds.missAccuracy)
        if outcome.stage > 0 {
            let option = options[candidate]
            let column = option.firstColumn + (outcome.stage - 1) * trace.layout.figures + 2
            quality = Double(base[sample * trace.layout.columns + column])
            worth = accuracies[option.firstAccuracy + outcome.stage - 1]
        }
        run.add(outcome, candidate: candidate, energy: spent, quality: quality, worth: worth, for: bounds)
        if keepsSteps {
            run.steps.append(.init(candidate: candidate, stage: outcome.stage, time: outcome.time, energy: spent))
        }
    }
}

extension Bounds {
    init(_ goal: TraceGoal, budget: EnergyBudget) {
        self.init(
            deadline: goal.goal.deadline.seconds, period: goal.period.seconds, minimizesEnergy: goal.minimizesEnergy,
            missAccuracy: goal.goal.missAccuracy, judgesEach: budget == .each)
        switch goal.goal.objective {
        case .minimizeEnergy(let accuracy): self.accuracy = accuracy
        case .minimizeError(let energy): if let energy { self.energy = energy.value }
        }
    }
}

extension Duration {
    /// A duration from a trace's seconds, from 0 to some 280 years; 0 of what is no number.
    init(played seconds: Double) { self.init(nanoseconds: Int64(max(0, min(seconds, 9e9)) * 1e9)) }
}
