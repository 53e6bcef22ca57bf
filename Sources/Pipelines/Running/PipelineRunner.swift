public import Alert
public import Machine
import Media
import Recognition
public import Recordings
public import Units

/// Wires a recording through queue, ALERT stage and recognisers to its sinks, and counts what becomes of each sample.
///
/// The thread that calls `run` is the recognising thread; a second thread feeds the queue.
public final class PipelineRunner {
    /// How a run ended.
    public struct Report {
        /// What it came to.
        public var summary: Summary
        /// Why it ended before the recording did, if so; what was recognised until then is in the summary and the
        /// sinks.
        public var failure: (any Error)?
    }

    /// Ends a run from any thread.
    public struct StopHandle: Sendable {
        fileprivate let gate: SampleGate

        /// Ends the run soon: no more samples are read, those that wait are still recognised.
        public func stop() { gate.stop() }
    }

    private let configuration: PipelineConfiguration
    private let recording: Recording
    private let recognizers: RecognizerSet
    private let meter: any EnergyMeter
    private let sinks: [any ResultSink]
    private let gate: SampleGate
    private let isPaced: Bool
    private let deadline: Duration
    /// From one sample to the next; zero when they come as fast as the machine allows.
    private let interval: Duration
    private var policy: any Policy
    private var overhead = OverheadEstimate()
    private var tally = Tally()
    /// When the last sample's work was done, and what the meter said.
    private var lastWork: (end: MonotonicTime, energy: Joules)?
    private var idlePower: Watts
    private var hasRun = false

    /// Makes a runner; nothing starts yet. `policy`'s candidates are those of `recognizers`, in the same order.
    ///
    /// - Parameter idlePower: What the machine draws while it waits, as profiled; measured from then on.
    public init(
        configuration: PipelineConfiguration, recording: Recording, recognizers: RecognizerSet, policy: any Policy,
        idlePower: Watts, meter: any EnergyMeter, sinks: [any ResultSink]
    ) {
        self.configuration = configuration
        self.recording = recording
        self.recognizers = recognizers
        self.policy = policy
        self.idlePower = idlePower
        self.meter = meter
        self.sinks = sinks
        deadline = policy.goal.deadline
        isPaced = configuration.recording.pace == .realtime
        interval = isPaced ? .seconds(1 / recording.info.frameRate) : .zero
        gate = SampleGate(capacity: configuration.queueCapacity, overflow: isPaced ? .supersede : .wait)
    }

    /// What ends the run from another thread.
    public var stopHandle: StopHandle { StopHandle(gate: gate) }

    /// Replays the recording to its end, once; blocks.
    public func run() -> Report {
        precondition(!hasRun, "a runner runs once")
        hasRun = true
        let feeder = RecordingFeeder(
            recording: recording, pace: configuration.recording.pace, deadline: deadline, gate: gate)
        let start = (time: MonotonicTime.now(), energy: meter.read())
        feeder.start()
        var failure: (any Error)?
        do {
            while let taken = take() {
                switch taken {
                case .superseded(let result): try emit(result)
                case .ready(let sample): try process(sample)
                }
            }
            failure = gate.streamFailure
        } catch {
            failure = error
            countTheRest(because: error)
        }
        for sink in sinks {
            do { try sink.finish() } catch { failure = failure ?? error }
        }
        let summary = tally.summary(
            configuration: configuration, recording: recording.info, policy: policy.name, deadline: deadline,
            elapsed: .now() - start.time, energy: meter.read() - start.energy, energySource: meter.source.rawValue)
        return Report(summary: summary, failure: failure)
    }

    /// The next sample; one that has less time left than the quickest recogniser needs makes room for a newer one.
    private func take() -> SampleGate.Taken? {
        gate.take(needed: policy.timeNeeded(confidence: policy.goal.confidence) + overhead.value)
    }

    /// Counts the samples that were sensed but can no longer be reported, until the feeding thread is done.
    private func countTheRest(because error: any Error) {
        gate.stop()
        while let taken = take() {
            switch taken {
            case .superseded(let result): tally.record(result)
            case .ready(let sample): tally.record(SampleResult(sample, outcome: .failed, reason: "\(error)"))
            }
        }
    }

    private func process(_ taken: Sample<RecordedEvent>) throws {
        let begin = MonotonicTime.now()
        var sample = taken
        if !isPaced {
            sample.captured = begin
            sample.deadline = begin + deadline
        }
        let measuredIdlePower = idlePower(until: begin)
        defer { lastWork = (.now(), meter.read()) }

        switch sample.payload {
        case .damaged(_, _, _, _, let reason):
            try emit(SampleResult(sample, outcome: .failed, reason: reason))
        case .frame(let recorded):
            // What is left of the interval when the sample waited: the horizon of its idle energy.
            let period = max(.zero, interval - (begin - sample.captured))
            let (decision, result) = decide(sample, period: period)
            guard let decision else {
                try emit(result)
                return
            }
            try recognize(
                recorded, result, decision, sample, since: begin, idlePower: measuredIdlePower, period: period)
        }
    }

    /// Asks the policy, and begins the result with what it says; no decision means that the sample has expired.
    private func decide(_ sample: Sample<RecordedEvent>, period: Duration) -> (Decision?, SampleResult) {
        let slowdown = policy.slowdown.mean
        let now = MonotonicTime.now()
        let timeLeft = sample.deadline - now
        let decision = policy.decide(DecisionRequest(timeLeft: timeLeft, overhead: overhead.value, period: period))
        let scheduling = MonotonicTime.now() - now

        var result = SampleResult(sample, outcome: .expired, reason: "")
        result.schedulerMicroseconds = scheduling.microseconds.rounded(decimals: 3)
        result.slowdown = slowdown.rounded(decimals: 4)
        if let decision {
            result.candidate = policy.candidates[decision.candidate].candidate.name
            result.predictedMilliseconds = decision.prediction.time.milliseconds.rounded(decimals: 4)
            result.predictedProbability = decision.prediction.probability.rounded(decimals: 4)
            result.rule = decision.rule
            result.reason = decision.explanation(candidates: policy.candidates, goal: policy.goal, timeLeft: timeLeft)
        } else if timeLeft > .zero {
            result.reason = "\(timeLeft.words) left: no recogniser is that quick"
        } else {
            result.reason = "the deadline had passed \((.zero - timeLeft).words) before a recogniser was free"
        }
        return (decision, result)
    }

    private func recognize(
        _ recorded: RecordedFrame, _ begun: SampleResult, _ decision: Decision, _ sample: Sample<RecordedEvent>,
        since begin: MonotonicTime, idlePower measuredIdlePower: Watts?, period: Duration
    ) throws {
        var result = begun
        let energyBefore = meter.read()
        let energyConverted: Joules
        let inference: Duration
        do {
            try recognizers.load(recorded.frame, for: decision.candidate)
            energyConverted = meter.read()
            inference = try recognizers.infer(with: decision.candidate)
        } catch {
            result.outcome = .failed
            result.reason = "\(error)"
            try emit(result)
            return
        }
        let energyAfter = meter.read()
        policy.observe(
            Observation(
                candidate: decision.candidate, time: inference, isCensored: false,
                energy: energyAfter - energyConverted, idlePower: measuredIdlePower))

        result.top = recognizers.top(5, of: decision.candidate)
        result.label = result.top?.first?.label
        result.score = result.top?.first?.score
        result.inferenceMilliseconds = inference.milliseconds.rounded(decimals: 4)
        let now = MonotonicTime.now()
        let energy = energyAfter - energyBefore + idlePower * max(.zero, period - (now - begin))
        result.energyJoules = energy.value.rounded(decimals: 6)
        result.energySource = meter.source.rawValue
        result.outcome = now <= sample.deadline ? .met : .late
        result.latencyMilliseconds = (now - sample.captured).milliseconds.rounded(decimals: 4)
        let written = try emit(result, captured: sample.captured, inference: inference)
        overhead.observe(written - begin - inference)
    }

    /// What the machine drew since the last sample's work was done; nil when that was too short a time to tell.
    private func idlePower(until now: MonotonicTime) -> Watts? {
        guard let lastWork, now - lastWork.end > .milliseconds(1) else { return nil }
        idlePower = (meter.read() - lastWork.energy) / (now - lastWork.end)
        return idlePower
    }

    /// Hands the result to every sink and counts it, also when a sink fails.
    ///
    /// - Returns: The moment at which the result was out.
    @discardableResult
    private func emit(
        _ result: SampleResult, captured: MonotonicTime? = nil, inference: Duration? = nil
    ) throws -> MonotonicTime {
        var written = MonotonicTime.now()
        defer { tally.record(result, latency: captured.map { written - $0 }, inference: inference) }
        for sink in sinks { try sink.receive(result) }
        written = .now()
        return written
    }
}
