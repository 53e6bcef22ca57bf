public import Alert
import Foundation
public import Machine
import Media
public import Recognition
public import Recordings
public import Units

/// The frames of a recording, and who recognises them.
public struct FrameStream {
    let recording: Recording
    let recognizers: FrameRecognizers
    let policy: any Policy

    /// Makes a stream; `policy`'s candidates are those of `recognizers`, in the same order.
    public init(recording: Recording, recognizers: FrameRecognizers, policy: any Policy) {
        self.recording = recording
        self.recognizers = recognizers
        self.policy = policy
    }
}

/// The speech in a recording's sound, and who recognises it.
public struct SpeechStream {
    let recording: AudioRecording
    let recognizers: SpeechRecognizers
    let detector: VoiceActivityDetector
    let policy: any Policy

    /// Makes a stream; `policy`'s candidates are those of `recognizers`, in the same order.
    public init(
        recording: AudioRecording, recognizers: SpeechRecognizers, detector: VoiceActivityDetector,
        policy: any Policy
    ) {
        self.recording = recording
        self.recognizers = recognizers
        self.detector = detector
        self.policy = policy
    }
}

/// Wires a recording's streams through queues, ALERT stages and recognisers to the sinks, and counts what becomes of each
/// sample.
///
/// Each stream has a lane of its own: a thread that feeds it and one that recognises, which for one of the streams is the
/// thread that calls `run`. All streams share one timeline and the sinks.
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
        fileprivate let gates: [any StoppableGate]

        /// Ends the run soon: no more samples are read, those that wait are still recognised.
        public func stop() {
            for gate in gates { gate.stop() }
        }
    }

    /// Time between the start and the first sample, so that the first one is read before it is due.
    private static let lead = Duration.milliseconds(20)

    private let configuration: PipelineConfiguration
    private let path: String
    private let reference: String?
    private let meter: any EnergyMeter
    private let sinks: SinkGroup
    private let gates: [any StoppableGate]
    private let frames: FrameLane?
    private let speech: SpeechLane?
    private var hasRun = false

    private typealias FrameLane = (lane: StreamLane<FrameStage>, feeder: FrameFeeder)
    private typealias SpeechLane = (lane: StreamLane<SpeechStage>, feeder: SpeechFeeder)

    /// Makes a runner of one stream or both; nothing starts yet.
    ///
    /// - Parameters:
    ///   - path: The recording, as the summary names it.
    ///   - reference: The text that is said, to compare with.
    ///   - idlePower: What the machine draws while it waits, as profiled; measured from then on.
    public init(
        configuration: PipelineConfiguration, path: String, frames: FrameStream?, speech: SpeechStream?,
        reference: String? = nil, idlePower: Watts, meter: any EnergyMeter, sinks: [any ResultSink]
    ) {
        precondition(frames != nil || speech != nil, "a pipeline needs a stream")
        self.configuration = configuration
        self.path = path
        self.reference = reference
        self.meter = meter
        let group = SinkGroup(sinks)
        self.sinks = group
        let pace = configuration.recording.pace
        let isPaced = pace == .realtime
        let overflow = isPaced ? GateOverflow.supersede : .wait
        var gates: [any StoppableGate] = []

        self.frames = frames.map { stream in
            let gate = SampleGate(capacity: configuration.queueCapacity, overflow: overflow) {
                FrameStage.result(of: $0, outcome: .superseded, reason: GateOverflow.reason)
            }
            gates.append(gate)
            let interval = Duration.seconds(1 / stream.recording.info.frameRate)
            let lane = StreamLane(
                stage: FrameStage(recognizers: stream.recognizers, interval: interval), gate: gate,
                policy: stream.policy, isPaced: isPaced, idlePower: idlePower, meter: meter, sinks: group)
            let feeder = FrameFeeder(
                recording: stream.recording, pace: pace, deadline: stream.policy.goal.deadline, gate: gate)
            return (lane, feeder)
        }
        self.speech = speech.map { stream in
            let gate = SampleGate(capacity: configuration.queueCapacity, overflow: overflow) {
                SpeechStage.result(of: $0, outcome: .superseded, reason: GateOverflow.reason)
            }
            gates.append(gate)
            let progress = SpeechPace()
            let hops = configuration.speech.hops
            let deadline = stream.policy.goal.deadline
            let lane = StreamLane(
                stage: SpeechStage(
                    recognizers: stream.recognizers, progress: progress, deadline: deadline, isPaced: isPaced,
                    hops: hops),
                tally: Tally(speech: SpeechTally(keepsText: reference != nil)), gate: gate, policy: stream.policy,
                isPaced: isPaced, idlePower: idlePower, meter: meter, sinks: group)
            let feeder = SpeechFeeder(
                recording: stream.recording, finder: UtteranceFinder(detector: stream.detector), planner: hops,
                pace: pace, deadline: deadline, gate: gate, progress: progress)
            return (lane, feeder)
        }
        self.gates = gates
    }

    /// What ends the run from another thread.
    public var stopHandle: StopHandle { StopHandle(gates: gates) }

    /// Replays the recording to its end, once; blocks.
    public func run() -> Report {
        precondition(!hasRun, "a runner runs once")
        hasRun = true
        let start = (time: MonotonicTime.now(), energy: meter.read())
        let origin = start.time + Self.lead
        frames?.feeder.start(at: origin)
        speech?.feeder.start(at: origin)
        var failures: [any Error] = []
        if let frames, let speech {
            let other = LaneThread(speech.lane, stop: stopHandle)
            if let failure = frames.lane.run() {
                failures.append(failure)
                stopHandle.stop()
            }
            if let failure = other.join() { failures.append(failure) }
        } else if let failure = frames?.lane.run() ?? speech?.lane.run() {
            failures.append(failure)
        }
        if let failure = sinks.finish() { failures.append(failure) }
        let summary = summary(elapsed: .now() - start.time, energy: meter.read() - start.energy)
        return Report(summary: summary, failure: failures.first)
    }

    private func summary(elapsed: Duration, energy: Joules) -> Summary {
        var streams: [(name: SampleResult.Stream, summary: StreamSummary)] = []
        if let frames { streams.append((.frames, frames.lane.summary())) }
        // What was not played is not missing from the transcript.
        let reference = gates.contains(where: \.isStopping) ? nil : reference
        if let speech { streams.append((.speech, speech.lane.summary(reference: reference))) }
        let samples = streams.reduce(0) { $0 + $1.summary.samples }
        return Summary(
            name: configuration.name, recording: path, pace: configuration.recording.pace.rawValue,
            seconds: elapsed.seconds.rounded(decimals: 3),
            energy: .init(
                total: energy.value.rounded(decimals: 4),
                perSample: (samples == 0 ? 0 : energy.value / Double(samples)).rounded(decimals: 5),
                source: meter.source.rawValue),
            streams: streams)
    }
}

/// A lane on a recognising thread of its own.
private final class LaneThread: @unchecked Sendable {
    // The lane is touched by the thread alone between `init` and the end of `join`, and so is `failure`.
    private let run: () -> (any Error)?
    private let isDone = DispatchSemaphore(value: 0)
    private var failure: (any Error)?

    /// Starts recognising; a failure ends the run's other lanes.
    init(_ lane: StreamLane<some RecognitionStage>, stop: PipelineRunner.StopHandle) {
        run = lane.run
        let thread = Thread { [self] in
            failure = run()
            if failure != nil { stop.stop() }
            isDone.signal()
        }
        thread.name = "heed-lane"
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Waits for the lane's end; says why it ended early, if it did.
    func join() -> (any Error)? {
        isDone.wait()
        return failure
    }
}
