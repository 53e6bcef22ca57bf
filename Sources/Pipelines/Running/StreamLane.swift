import Alert
import Machine
import Media
import Units

/// One stream's way from its queue through the ALERT stage and its recognisers to the sinks; counts what becomes of
/// each sample.
///
/// The thread that calls `run` is the lane's recognising thread; another one feeds the gate.
final class StreamLane<Stage: RecognitionStage> {
    let stage: Stage
    private let gate: SampleGate<Stage.Payload>
    let meter: any EnergyMeter
    private let sinks: SinkGroup
    let activity: LaneActivity
    let clock: RunClock
    var simulation: SimulatedInference?
    private let isPaced: Bool
    private let fallback: String?
    private let controls: StreamControls?
    var scheduler: LaneScheduler<Stage>
    /// What became of the samples so far.
    private var tally: Tally
    private var idlePower: IdlePower

    /// Makes a lane; nothing starts yet. `policy`'s candidates are those of the stage, in the same order.
    ///
    /// - Parameters:
    ///   - isPaced: Whether samples come when they are due; else a deadline counts from the start of a sample's work.
    ///   - idlePower: What the machine draws while it waits, as profiled; measured from then on.
    ///   - power: What sets the machine as a candidate wants it; nil where it is left as it is.
    ///   - share: What the lane shares with others; nil where it is alone.
    ///   - budget: The budget of power that the run has.
    ///   - simulation: What says how long inference took, on a simulated machine.
    ///   - controls: Where other threads ask for another goal or policy.
    ///   - fallback: What was asked for and is not here, which every result tells.
    ///   - memory: What outlives the policy in force; nil where nothing does.
    init(
        stage: Stage, tally: Tally = Tally(), gate: SampleGate<Stage.Payload>, policy: any Policy, isPaced: Bool,
        idlePower: Watts, meter: any EnergyMeter, activity: LaneActivity, clock: RunClock, power: LanePower? = nil,
        share: LaneShare? = nil, budget: SharedBudget? = nil, simulation: SimulatedInference? = nil,
        fallback: String? = nil, controls: StreamControls? = nil, memory: StreamMemory? = nil,
        sinks: SinkGroup
    ) {
        self.stage = stage
        self.tally = tally
        self.gate = gate
        scheduler = LaneScheduler(
            stage: stage, clock: clock, policy: policy, power: power, share: share, budget: budget,
            memory: memory)
        self.isPaced = isPaced
        self.idlePower = IdlePower(idlePower, meter: meter, activity: activity)
        self.meter = meter
        self.activity = activity
        self.clock = clock
        self.simulation = simulation
        self.fallback = fallback
        self.controls = controls
        self.sinks = sinks
    }

    /// What became of the samples so far; `reference` is the text that was said, where it is known.
    func summary(reference: String? = nil) -> StreamSummary {
        StreamSummary(
            tally, policy: scheduler.policy.name, deadline: scheduler.policy.goal.deadline, reference: reference)
    }

    /// Recognises until the gate is closed and empty; blocks.
    ///
    /// - Returns: Why the stream ended early, if it did; all samples are counted either way.
    func run() -> (any Error)? {
        defer { scheduler.keepLearned() }
        do {
            while let taken = take() {
                if let orders = controls?.takeOrders() { scheduler.obey(orders) }
                switch taken {
                case .settled(let result): try emit(result)
                case .ready(let sample): try process(sample)
                }
            }
            return gate.streamFailure
        } catch {
            countTheRest(because: error)
            return error
        }
    }

    /// The next sample; one that has less time left than the quickest recogniser needs makes room for a newer one.
    private func take() -> SampleGate<Stage.Payload>.Taken? { gate.take(needed: scheduler.timeNeeded) }

    /// Counts the samples that were sensed but can no longer be reported, until the feeding thread is done.
    private func countTheRest(because error: any Error) {
        gate.stop()
        while let taken = take() {
            var result: SampleResult
            switch taken {
            case .settled(let settled): result = settled
            case .ready(let sample):
                result = Stage.result(of: sample, outcome: .failed, reason: "\(error)")
                stage.giveUp(sample, into: &result)
            }
            tally.record(result)
            stage.wasEmitted(result, latency: nil)
        }
    }

    private func process(_ taken: Sample<Stage.Payload>) throws {
        let begin = clock.now()
        var sample = taken
        if !isPaced {
            sample.deadline = begin + (sample.deadline - sample.captured)
            sample.captured = begin
        }
        let measuredIdlePower = idlePower.measure(until: begin)
        activity.begin()
        defer {
            activity.end()
            idlePower.waitBegins(at: clock.now())
        }

        switch stage.plan(sample, at: begin) {
        case .settled(let result):
            try emit(result, captured: sample.captured)
        case .choose(let choice):
            if let deadline = choice.deadline { sample.deadline = sample.captured + deadline }
            // What is left of the interval when the sample waited: the horizon of its idle energy.
            let period = isPaced ? max(.zero, stage.interval - (begin - sample.captured)) : .zero
            scheduler.expectNext(after: isPaced ? sample : nil)
            scheduler.askPrice()
            var (decision, result) = scheduler.decide(sample, choice, period: period)
            guard let decision else {
                stage.giveUp(sample, into: &result)
                try emit(result, captured: sample.captured)
                return
            }
            if let standing = choice.standing, scheduler.stands(sample, against: decision) {
                return try stand(by: standing, for: sample, result)
            }
            try recognize(
                sample, result, decision, choice, since: begin, idlePower: measuredIdlePower, period: period)
        }
    }

    /// Answers a sample with what a candidate made of an earlier one.
    private func stand(by candidate: Int, for sample: Sample<Stage.Payload>, _ begun: SampleResult) throws {
        var result = begun
        stage.answer(of: candidate, after: Inference(time: .zero, runs: 0), predicted: .zero, into: &result)
        result.candidate = scheduler.policy.candidates[candidate].candidate.name
        (result.stage, result.stages) = (1, 2)
        (result.predictedMilliseconds, result.predictedProbability) = (nil, nil)
        result.reason = "what was heard before stands: nobody is likely to do better in the time left"
        let now = clock.now()
        result.outcome = now <= sample.deadline ? .met : .late
        result.latencyMilliseconds = (now - sample.captured).milliseconds.rounded(decimals: 4)
        try emit(result, captured: sample.captured, inference: .zero)
    }

    private func recognize(
        _ sample: Sample<Stage.Payload>, _ begun: SampleResult, _ first: Decision, _ choice: SamplePlan.Choice,
        since begin: MonotonicTime, idlePower measuredIdlePower: Watts?, period: Duration
    ) throws {
        var result = begun
        // What attempts that failed took is the sample's too.
        let energyBefore = meter.reading()
        guard let done = attempt(sample, first, &result, choice, period: period) else {
            stage.giveUp(sample, into: &result)
            try emit(result, captured: sample.captured)
            return
        }
        let (decision, inference) = (done.decision, done.inference)
        let energyAfter = meter.reading()
        let isAlone = activity.isAlone(since: done.others)
        if inference.isTypical {
            let energy = isAlone ? (energyAfter - done.energyLoaded).total : nil
            scheduler.observe(
                Observation(
                    candidate: decision.candidate, size: choice.size, time: inference.time * done.share,
                    isCensored: false, stagesDone: done.limit.map { _ in inference.stageTimes.count },
                    answerTime: done.limit == nil ? nil : inference.stageTimes.last.map { $0 * done.share },
                    confidence: inference.confidence, endedSure: inference.endedSure, energy: energy,
                    idlePower: measuredIdlePower))
            stage.note(slowdown: scheduler.policy.slowdown.mean)
            controls?.note(slowdown: scheduler.policy.slowdown)
        }

        stage.answer(
            of: decision.candidate, after: inference, predicted: decision.prediction.time, into: &result)
        if let limit = done.limit {
            (result.stage, result.stages) = (inference.stageTimes.count, limit.expected.count)
            result.reason += inference.ending(of: limit.expected.count)
        }
        result.inferenceMilliseconds = inference.time.milliseconds.rounded(decimals: 4)
        let now = clock.now()
        // Others' work while this one waited for them is theirs.
        let span = energyAfter - energyBefore
        let spent = done.wait.energy.map { span - $0 } ?? span
        let energy = spent.total + idlePower.value * max(.zero, period - (now - begin) + done.wait.time)
        result.energyJoules = energy.value.rounded(decimals: 6)
        result.energySource = spent.sources.description
        result.outcome = now <= sample.deadline ? .met : .late
        result.latencyMilliseconds = (now - sample.captured).milliseconds.rounded(decimals: 4)
        let written = try emit(result, captured: sample.captured, inference: inference.time)
        // The time of attempts that failed, or of waiting for others, is no overhead of the next sample.
        if done.isFirst {
            // Nor is what inference takes, but for what a stage takes to stop.
            let excess = done.limit.map { inference.excess(over: $0) } ?? .zero
            let time = written - begin - done.wait.time - inference.time + excess
            let (conversion, energy) = done.conversion
            scheduler.overhead.observe(
                time, energy: isAlone ? energy.total - idlePower.value * conversion : nil)
        }
    }

    /// Hands the result to the sinks and counts it, also when one fails.
    ///
    /// - Returns: The moment at which the result was out.
    @discardableResult
    private func emit(
        _ settled: SampleResult, captured: MonotonicTime? = nil, inference: Duration? = nil
    ) throws -> MonotonicTime {
        var result = settled
        let missing = [fallback, stage.losses, scheduler.power?.losses].compactMap(\.self)
        if !missing.isEmpty { result.fallback = missing.joined(separator: "; ") }
        var written = clock.now()
        defer {
            let latency = captured.map { written - $0 }
            tally.record(result, latency: latency, inference: inference)
            stage.wasEmitted(result, latency: inference == nil ? nil : latency)
        }
        try sinks.receive(result)
        written = clock.now()
        return written
    }
}
