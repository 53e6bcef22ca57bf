import Alert
import Machine
import Media
import Recognition
import Units

/// One stream's way from its queue through the ALERT stage and its recognisers to the sinks; counts what becomes of each
/// sample.
///
/// The thread that calls `run` is the lane's recognising thread; another one feeds the gate.
final class StreamLane<Stage: RecognitionStage> {
    private let stage: Stage
    private let gate: SampleGate<Stage.Payload>
    private let meter: any EnergyMeter
    private let sinks: SinkGroup
    private let activity: LaneActivity
    private let clock: RunClock
    private var simulation: SimulatedInference?
    private let isPaced: Bool
    private let fallback: String?
    private var policy: any Policy
    private var overhead = OverheadEstimate()
    /// What became of the samples so far.
    private var tally: Tally
    /// When the last sample's work was done, what the meter said, and who was at work.
    private var lastWork: (end: MonotonicTime, energy: Joules, activity: LaneActivity.Mark)?
    private var idlePower: Watts

    /// Makes a lane; nothing starts yet. `policy`'s candidates are those of the stage, in the same order.
    ///
    /// - Parameters:
    ///   - isPaced: Whether samples come when they are due; else a deadline counts from the start of a sample's work.
    ///   - idlePower: What the machine draws while it waits, as profiled; measured from then on.
    ///   - simulation: What says how long inference took, on a simulated machine.
    ///   - fallback: What was asked for and is not here, which every result tells.
    init(
        stage: Stage, tally: Tally = Tally(), gate: SampleGate<Stage.Payload>, policy: any Policy, isPaced: Bool,
        idlePower: Watts, meter: any EnergyMeter, activity: LaneActivity, clock: RunClock,
        simulation: SimulatedInference? = nil, fallback: String? = nil, sinks: SinkGroup
    ) {
        self.stage = stage
        self.tally = tally
        self.gate = gate
        self.policy = policy
        self.isPaced = isPaced
        self.idlePower = idlePower
        self.meter = meter
        self.activity = activity
        self.clock = clock
        self.simulation = simulation
        self.fallback = fallback
        self.sinks = sinks
    }

    /// What became of the samples so far; `reference` is the text that was said, where it is known.
    func summary(reference: String? = nil) -> StreamSummary {
        StreamSummary(tally, policy: policy.name, deadline: policy.goal.deadline, reference: reference)
    }

    /// Recognises until the gate is closed and empty; blocks.
    ///
    /// - Returns: Why the stream ended early, if it did; all samples are counted either way.
    func run() -> (any Error)? {
        do {
            while let taken = take() {
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
    private func take() -> SampleGate<Stage.Payload>.Taken? {
        let needed =
            stage.hasUniformSamples ? policy.timeNeeded(confidence: policy.goal.confidence, among: stage.ready) : .zero
        return gate.take(needed: needed + overhead.value)
    }

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
        let measuredIdlePower = idlePower(until: begin)
        activity.begin()
        defer {
            activity.end()
            lastWork = (clock.now(), meter.read(), activity.mark)
        }

        switch stage.plan(sample, at: begin) {
        case .settled(let result):
            try emit(result, captured: sample.captured)
        case .choose(let choice):
            if let deadline = choice.deadline { sample.deadline = sample.captured + deadline }
            // What is left of the interval when the sample waited: the horizon of its idle energy.
            let period = isPaced ? max(.zero, stage.interval - (begin - sample.captured)) : .zero
            var (decision, result) = decide(sample, choice, period: period)
            guard let decision else {
                stage.giveUp(sample, into: &result)
                try emit(result, captured: sample.captured)
                return
            }
            try recognize(
                sample, result, decision, choice, since: begin, idlePower: measuredIdlePower, period: period)
        }
    }

    /// Asks the policy, and begins the result with what it says; no decision means that the sample has expired.
    private func decide(
        _ sample: Sample<Stage.Payload>, _ choice: SamplePlan.Choice, period: Duration,
        without tried: CandidateSet = CandidateSet()
    ) -> (Decision?, SampleResult) {
        let slowdown = policy.slowdown.mean
        let now = clock.now()
        let timeLeft = sample.deadline - now
        let allowed = allowed(choice, without: tried)
        let decision = policy.decide(
            DecisionRequest(
                timeLeft: timeLeft, overhead: overhead.value + max(.zero, timeLeft * choice.reserve), period: period,
                size: choice.size, candidates: allowed, mustAnswer: choice.mustAnswer))
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

    /// What may be chosen now.
    private func allowed(_ choice: SamplePlan.Choice, without tried: CandidateSet) -> CandidateSet {
        let ready = stage.ready.subtracting(tried)
        let asked = CandidateSet(choice.candidates ?? policy.candidates.indices).intersection(ready)
        guard asked.isEmpty, let others = choice.others else { return asked }
        return CandidateSet(others).intersection(ready)
    }

    private func recognize(
        _ sample: Sample<Stage.Payload>, _ begun: SampleResult, _ first: Decision, _ choice: SamplePlan.Choice,
        since begin: MonotonicTime, idlePower measuredIdlePower: Watts?, period: Duration
    ) throws {
        var (decision, result) = (first, begun)
        // What attempts that failed took is the sample's too.
        let energyBefore = meter.reading()
        var tried = CandidateSet()
        var done: (inference: Inference, energyLoaded: EnergyReading, others: LaneActivity.Mark)?
        // Ends: a candidate is tried once.
        while done == nil {
            do {
                let others = activity.mark
                try stage.load(sample, for: decision.candidate)
                let energyLoaded = meter.reading()
                var inference = try stage.infer(with: decision.candidate)
                simulation?.run(&inference, as: policy.candidates[decision.candidate], size: choice.size)
                done = (inference, energyLoaded, others)
            } catch {
                tried.insert(decision.candidate)
                if mayOthersTry(after: decision, error) {
                    let failedOver = result.failedOver || !(error is NotResident)
                    let (other, told) = decide(sample, choice, period: period, without: tried)
                    if let other {
                        (decision, result) = (other, told)
                        result.failedOver = failedOver
                        continue
                    }
                }
                result.outcome = .failed
                result.reason = "\(error)"
                stage.giveUp(sample, into: &result)
                try emit(result, captured: sample.captured)
                return
            }
        }
        guard let (inference, energyLoaded, others) = done else { return }
        let energyAfter = meter.reading()
        if inference.isTypical {
            policy.observe(
                Observation(
                    candidate: decision.candidate, size: choice.size, time: inference.time, isCensored: false,
                    energy: activity.isAlone(since: others) ? (energyAfter - energyLoaded).total : nil,
                    idlePower: measuredIdlePower))
            stage.note(slowdown: policy.slowdown.mean)
        }

        stage.answer(of: decision.candidate, predicted: decision.prediction.time, into: &result)
        result.inferenceMilliseconds = inference.time.milliseconds.rounded(decimals: 4)
        let now = clock.now()
        let spent = energyAfter - energyBefore
        let energy = spent.total + idlePower * max(.zero, period - (now - begin))
        result.energyJoules = energy.value.rounded(decimals: 6)
        result.energySource = spent.sources.description
        result.outcome = now <= sample.deadline ? .met : .late
        result.latencyMilliseconds = (now - sample.captured).milliseconds.rounded(decimals: 4)
        let written = try emit(result, captured: sample.captured, inference: inference.time)
        // The time of attempts that failed is no overhead of the next sample.
        if tried.isEmpty { overhead.observe(written - begin - inference.time) }
    }

    /// Whether others may recognise a sample whose candidate failed: because of its processor, which is lost with it,
    /// or because it was given up since it was chosen.
    private func mayOthersTry(after failed: Decision, _ error: any Error) -> Bool {
        if error is NotResident { return true }
        guard let error = error as? RecognitionError, [.processorLost, .inferenceFailed].contains(error.code) else {
            return false
        }
        return stage.lose(failed.candidate, because: error.reason)
    }

    /// What the machine drew since the last sample's work was done; nil when that was too short a time to tell, or
    /// another lane was at work.
    private func idlePower(until now: MonotonicTime) -> Watts? {
        guard let lastWork, now - lastWork.end > .milliseconds(1), activity.isQuiet(since: lastWork.activity) else {
            return nil
        }
        idlePower = (meter.read() - lastWork.energy) / (now - lastWork.end)
        return idlePower
    }

    /// Hands the result to the sinks and counts it, also when one fails.
    ///
    /// - Returns: The moment at which the result was out.
    @discardableResult
    private func emit(
        _ settled: SampleResult, captured: MonotonicTime? = nil, inference: Duration? = nil
    ) throws -> MonotonicTime {
        var result = settled
        let missing = [fallback, stage.losses].compactMap(\.self)
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
