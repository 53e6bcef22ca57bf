public import Alert
public import Machine
import Media
import Recognition
public import Recordings
import Units

/// Wires a recording through queue, ALERT stage and recognisers to its sinks, and counts what becomes of each sample.
///
/// The thread that calls `run` is the recognising thread; a second thread feeds the queue.
public final class PipelineRunner {
    /// How a run ended.
    public struct Report {
        /// What it came to.
        public var summary: Summary
        /// Why it ended before the recording did, if so; what was recognised until then is in the summary and the sinks.
        public var failure: (any Error)?
    }

    private let configuration: PipelineConfiguration
    private let recording: Recording
    private let recordingInfo: RecordingInfo
    private let recognizers: RecognizerSet
    private let meter: any EnergyMeter
    private let sinks: [any ResultSink]
    private let gate: SampleGate
    private let deadline: Duration
    /// Until the next sample is due: the horizon of a sample's idle energy.
    private let period: Duration
    private var policy: any Policy
    private var overhead = OverheadEstimate()
    private var tally = Tally()
    private var lastWork: (end: MonotonicTime, energy: Joules)?
    private var idlePower: Watts?

    /// Makes a runner; nothing starts yet. `policy`'s candidates are those of `recognizers`, in the same order.
    public init(
        configuration: PipelineConfiguration, recording: Recording, recognizers: RecognizerSet, policy: any Policy,
        meter: any EnergyMeter, sinks: [any ResultSink]
    ) {
        self.configuration = configuration
        self.recording = recording
        self.recognizers = recognizers
        self.policy = policy
        self.meter = meter
        self.sinks = sinks
        recordingInfo = recording.info
        deadline = policy.goal.deadline
        let isPaced = configuration.recording.pace == .realtime
        period = isPaced && recordingInfo.frameRate > 0 ? .seconds(1 / recordingInfo.frameRate) : .zero
        gate = SampleGate(capacity: configuration.queueCapacity, overflow: isPaced ? .supersede : .wait)
    }

    /// Ends the run soon, from any thread: no more samples are read, those that wait are still recognised.
    public var stop: @Sendable () -> Void { { [gate] in gate.stop() } }

    /// Replays the recording to its end; blocks.
    public func run() -> Report {
        let feeder = RecordingFeeder(
            recording: recording, pace: configuration.recording.pace, deadline: deadline, gate: gate)
        let start = (time: MonotonicTime.now(), energy: meter.read())
        feeder.start()
        var failure: (any Error)?
        do {
            while let taken = gate.take(needed: timeNeeded) {
                switch taken {
                case .superseded(let sample): try recordSuperseded(sample)
                case .ready(let sample): try process(sample)
                }
            }
            failure = gate.streamFailure
        } catch {
            gate.stop()
            failure = error
        }
        for sink in sinks {
            do { try sink.finish() } catch { failure = failure ?? error }
        }
        let summary = tally.summary(
            recording: recordingInfo.path, pace: configuration.recording.pace, policy: policy.name, deadline: deadline,
            elapsed: .now() - start.time, energy: meter.read() - start.energy, energySource: meter.source.rawValue)
        return Report(summary: summary, failure: failure)
    }

    /// Below this much time left, a waiting sample makes room for a newer one; never when samples wait for us.
    private var timeNeeded: Duration {
        configuration.recording.pace == .fast
            ? .seconds(-1 << 30) : policy.timeNeeded(confidence: policy.goal.confidence) + overhead.value
    }

    private func process(_ taken: Sample<RecordedEvent>) throws {
        let begin = MonotonicTime.now()
        var sample = taken
        if configuration.recording.pace == .fast {
            sample.captured = begin
            sample.deadline = begin + deadline
        }
        observeIdling(until: begin)
        var result = SampleResult(sample: sample, outcome: .failed)
        guard case .frame(let recorded) = sample.payload else {
            if case .damaged(_, _, _, let reason) = sample.payload { result.reason = reason }
            try emit(result, sample)
            return
        }

        let timeLeft = sample.deadline - begin
        let slowdown = policy.slowdown.mean
        let decision = policy.decide(DecisionRequest(timeLeft: timeLeft, overhead: overhead.value, period: period))
        let scheduling = MonotonicTime.now() - begin
        result.schedulerMicroseconds = scheduling.microseconds.rounded(decimals: 3)
        result.slowdown = slowdown.rounded(decimals: 4)
        guard let decision else {
            result.outcome = .expired
            result.reason = "\(timeLeft.words) left: no recogniser is that quick"
            try emit(result, sample, scheduling: scheduling)
            return
        }
        result.describe(decision, timeLeft: timeLeft, policy: policy)

        let energyBefore = meter.read()
        let inference: Duration
        do {
            try recognizers.load(recorded.frame, for: decision.candidate)
            inference = try recognizers.infer(with: decision.candidate)
        } catch {
            result.outcome = .failed
            result.reason = "\(error)"
            try emit(result, sample, scheduling: scheduling)
            return
        }
        let top = recognizers.top(5, of: decision.candidate)
        let work = (end: MonotonicTime.now(), energy: meter.read())
        let energy = work.energy - energyBefore
        policy.observe(
            Observation(
                candidate: decision.candidate, time: inference, isCensored: false, energy: energy, idlePower: idlePower)
        )
        lastWork = work

        result.top = top
        result.label = top.first?.label
        result.score = top.first?.score
        result.inferenceMilliseconds = inference.milliseconds.rounded(decimals: 4)
        let idle = max(.zero, period - (work.end - begin))
        result.energyJoules = (energy + (idlePower ?? .zero) * idle).value.rounded(decimals: 6)
        result.energySource = meter.source.rawValue
        let written = try emit(result, sample, scheduling: scheduling, inference: inference)
        overhead.observe(written - begin - inference)
    }

    /// Learns what the machine draws between samples.
    private func observeIdling(until now: MonotonicTime) {
        // Shorter waits say more about the clock than about the machine.
        guard let lastWork, now - lastWork.end > .milliseconds(1) else { return }
        idlePower = (meter.read() - lastWork.energy) / (now - lastWork.end)
    }

    private func recordSuperseded(_ sample: Sample<RecordedEvent>) throws {
        var result = SampleResult(sample: sample, outcome: .superseded)
        result.reason = "a newer sample took its place"
        try emit(result, sample)
    }

    /// Judges whether an answer is in time, and hands the result to every sink.
    ///
    /// - Returns: The moment at which the result was out.
    @discardableResult
    private func emit(
        _ result: SampleResult, _ sample: Sample<RecordedEvent>, scheduling: Duration? = nil, inference: Duration? = nil
    ) throws -> MonotonicTime {
        var result = result
        if inference != nil {
            let now = MonotonicTime.now()
            result.outcome = now <= sample.deadline ? .met : .late
            result.latencyMilliseconds = (now - sample.captured).milliseconds.rounded(decimals: 4)
        }
        for sink in sinks { try sink.receive(result) }
        let written = MonotonicTime.now()
        tally.record(result, latency: written - sample.captured, inference: inference, scheduler: scheduling)
        return written
    }
}

extension SampleResult {
    fileprivate init(sample: Sample<RecordedEvent>, outcome: Outcome) {
        self.init(
            sequence: sample.sequence, file: sample.payload.name, capturedNanoseconds: sample.captured.nanoseconds,
            timeQuality: sample.timeQuality,
            deadlineMilliseconds: (sample.deadline - sample.captured).milliseconds, outcome: outcome, reason: "")
        if case .frame(let recorded) = sample.payload { truth = recorded.label }
    }

    fileprivate mutating func describe(_ decision: Decision, timeLeft: Duration, policy: any Policy) {
        candidate = policy.candidates[decision.candidate].candidate.name
        predictedMilliseconds = decision.prediction.time.milliseconds.rounded(decimals: 4)
        predictedProbability = decision.prediction.probability.rounded(decimals: 4)
        reason = decision.explanation(candidates: policy.candidates, goal: policy.goal, timeLeft: timeLeft)
    }
}
