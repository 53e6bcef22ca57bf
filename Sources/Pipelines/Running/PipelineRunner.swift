import Alert
public import Logging
public import Machine
import Media
public import Recordings
public import Units

/// Wires the streams of devices or a recording through queues, ALERT stages and recognisers to the sinks, and counts
/// what becomes of each sample.
///
/// Each stream has a lane of its own: a thread that feeds it and one that recognises, which for one of the streams is
/// the thread that calls `run`. All streams share one timeline and the sinks.
public final class PipelineRunner {
    /// How a run ended.
    public struct Report {
        /// What it came to.
        public var summary: Summary
        /// Why it ended before its source did, if so; what was recognised until then is in the summary and the
        /// sinks.
        public var failure: (any Error)?
        /// What was recorded of the devices, where that was asked for.
        public var recording: RecordingReport?
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
    /// Utterances that may wait at least: so many that a backlog is the ladder's to deal with, not the queue's.
    private static let utterances = 16

    private let configuration: PipelineConfiguration
    private let isLive: Bool
    /// When a run of devices began: their sound and frames from then on are of it.
    private let origin: MonotonicTime
    private let recorder: RunRecorder?
    private let reference: String?
    private let fallback: String?
    private let meter: any EnergyMeter
    private let power: PowerControl?
    private let sinks: SinkGroup
    private let logger: Logger
    private let clock: RunClock
    private let simulation: Simulation?
    private let gates: [any StoppableGate]
    /// What may be changed of the run while it goes on.
    public let controls: RunControls
    private let frames: FrameLane?
    private let speech: SpeechLane?
    private let recognizers: [any ResidentRecognizers]
    private var hasRun = false

    private typealias FrameLane = (lane: StreamLane<FrameStage>, feeder: any SampleFeeder)
    private typealias SpeechLane = (lane: StreamLane<SpeechStage>, feeder: any SampleFeeder)

    /// Makes a runner of one stream or both; nothing starts yet.
    ///
    /// - Parameters:
    ///   - reference: The text that is said, to compare with.
    ///   - power: What sets the machine as candidates want it, unless it is simulated; with one stream only, as two
    ///     would set it for each other.
    ///   - idlePower: What the machine draws while it waits, as profiled; measured from then on, unless the machine is
    ///     simulated.
    ///   - meter: What measures energy, unless the machine is simulated.
    ///   - cores: How many cores streams share; of one alone it does not matter.
    ///   - viewer: Who looks at frames as they are recognised.
    ///   - logger: Told what a person should know of the run, such as that the camera is away.
    /// - Throws: `RecordingError` when what the devices bring cannot be recorded as the configuration wants, and
    ///   `PipelinesError` when it wants that and there is no device.
    public init(
        configuration: PipelineConfiguration, frames: FrameStream?, speech: SpeechStream?,
        reference: String? = nil, power: PowerControl? = nil, idlePower: Watts, meter: any EnergyMeter,
        cores: Int = 1, sinks: [any ResultSink], viewer: (any FrameViewer)? = nil,
        logger: Logger = Logger(label: "heed")
    ) throws {
        precondition(frames != nil || speech != nil, "a pipeline needs a stream")
        precondition(power == nil || frames == nil || speech == nil, "two streams cannot both set the machine's power")
        self.configuration = configuration
        let group = SinkGroup(sinks)
        self.sinks = group
        self.logger = logger
        let (frameLogger, speechLogger) = (logger.with("stream", "frames"), logger.with("stream", "speech"))
        let (camera, microphone) = (frames?.source.camera, speech?.source.microphone)
        isLive = camera != nil || microphone != nil
        let origin = MonotonicTime.now()
        self.origin = origin
        if let record = configuration.record, !isLive { throw record.needsDevices }
        recorder = try configuration.record.map { record in
            try RunRecorder(record, origin: origin, camera: camera, microphone: microphone, logger: logger)
        }
        self.reference = reference
        frames?.recognizers.models.report(to: frameLogger)
        speech?.recognizers.models.report(to: speechLogger)
        recognizers = ([frames?.recognizers, speech?.recognizers] as [(any ResidentRecognizers)?]).compactMap(\.self)
        fallback = frames?.recognizers.fallback ?? speech?.recognizers.fallback
        let pace = isLive ? .realtime : configuration.recording.pace
        let simulation =
            pace == .simulated
            ? Simulation(seed: configuration.recording.seed, idlePower: idlePower, cores: cores) : nil
        let meter: any EnergyMeter = simulation?.machine ?? meter
        let clock = simulation?.clock ?? .monotonic
        self.meter = meter
        self.clock = clock
        self.simulation = simulation
        let power = simulation == nil ? power : nil
        self.power = power
        let isPaced = pace.isTimed
        let overflow = isPaced ? GateOverflow.supersede : .wait
        let activity = LaneActivity()
        let isShared = frames != nil && speech != nil && configuration.sharing == .joint
        let shared = isShared ? SharedCores(cores: cores, streams: 2, clock: clock) : nil
        let budget = configuration.powerBudget.map { SharedBudget($0, meter: meter, clock: clock) }
        var gates: [any StoppableGate] = []
        var controls: [StreamControls] = []
        let playhead = Playhead(pace: pace, stride: frames?.source.interval ?? .milliseconds(100))
        self.frames = frames.map { stream in
            let gate = SampleGate(capacity: configuration.queueCapacity, overflow: overflow, clock: clock) {
                FrameStage.result(of: $0, outcome: .superseded, reason: GateOverflow.reason)
            }
            gates.append(gate)
            let control = StreamControls(
                stream: .frames, source: stream.source.description, policy: stream.policy, idlePower: idlePower,
                queueCapacity: configuration.queueCapacity, waiting: { gate.waiting },
                noteGoal: stream.recognizers.models.note(goal:), memory: stream.memory)
            controls.append(control)
            let interval = stream.source.interval
            let lane = StreamLane(
                stage: FrameStage(recognizers: stream.recognizers, interval: interval, viewer: viewer), gate: gate,
                policy: stream.policy, isPaced: isPaced, idlePower: idlePower, meter: meter,
                activity: activity, clock: clock,
                power: power.map { LanePower($0, for: stream.policy.candidates, logger: frameLogger) },
                share: shared.map { LaneShare($0, stream: 0, candidates: stream.policy.candidates) }, budget: budget,
                simulation: simulation?.frames, fallback: stream.recognizers.fallback, controls: control,
                memory: stream.memory, sinks: group)
            let feeder: any SampleFeeder =
                switch stream.source {
                case .recording(let recording):
                    FrameFeeder(
                        recording: recording, pace: pace, interval: interval, deadline: control.deadline,
                        playhead: playhead, gate: gate)
                case .camera(let camera):
                    CameraFeeder(
                        source: camera, interval: interval, deadline: control.deadline, gate: gate,
                        returns: control.returns, logger: frameLogger)
                }
            return (lane, feeder)
        }
        self.speech = speech.map { stream in
            let capacity = max(configuration.queueCapacity, Self.utterances)
            let gate = SampleGate(capacity: capacity, overflow: overflow, clock: clock) {
                SpeechStage.result(of: $0, outcome: .superseded, reason: GateOverflow.reason)
            }
            gates.append(gate)
            let control = StreamControls(
                stream: .speech, source: stream.source.description, policy: stream.policy, idlePower: idlePower,
                queueCapacity: capacity, waiting: { gate.waiting }, noteGoal: stream.recognizers.models.note(goal:),
                memory: stream.memory)
            controls.append(control)
            let progress = SpeechPace()
            let hops = configuration.speech.hops
            let lane = StreamLane(
                stage: SpeechStage(
                    recognizers: stream.recognizers, progress: progress, deadline: control.deadline, isPaced: isPaced,
                    hops: hops),
                tally: Tally(speech: SpeechTally(keepsText: reference != nil)), gate: gate, policy: stream.policy,
                isPaced: isPaced, idlePower: idlePower, meter: meter, activity: activity, clock: clock,
                power: power.map { LanePower($0, for: stream.policy.candidates, logger: speechLogger) },
                share: shared.map { LaneShare($0, stream: 1, candidates: stream.policy.candidates) }, budget: budget,
                simulation: simulation?.speech, fallback: stream.recognizers.fallback, controls: control,
                memory: stream.memory, sinks: group)
            let listener = SpeechListener(
                finder: UtteranceFinder(detector: stream.detector), planner: hops, deadline: control.deadline,
                gate: gate,
                progress: progress, waitsForAnswers: !isPaced)
            let feeder: any SampleFeeder =
                switch stream.source {
                case .recording(let recording):
                    SpeechFeeder(recording: recording, listener: listener, pace: pace, playhead: playhead, gate: gate)
                case .microphone(let microphone):
                    MicrophoneFeeder(
                        source: microphone, listener: listener, gate: gate, returns: control.returns,
                        logger: speechLogger)
                }
            return (lane, feeder)
        }
        self.gates = gates
        self.controls = RunControls(
            streams: controls, playhead: isLive ? nil : playhead, logger: logger)
    }

    /// What ends the run from another thread.
    public var stopHandle: StopHandle { StopHandle(gates: gates) }

    /// Runs to the recording's end, or until it is stopped, once; blocks.
    public func run() -> Report {
        precondition(!hasRun, "a runner runs once")
        hasRun = true
        clock.enter()
        meter.tell { [logger] in logger.warning("\($0)", metadata: ["source": "meter"]) }
        let start = (time: clock.now(), energy: meter.reading())
        // On a virtual clock reading takes no time.
        let origin = isLive ? origin : simulation == nil ? start.time + Self.lead : start.time
        controls.playhead?.begin(at: origin)
        frames?.feeder.start(at: origin, recorder: recorder)
        speech?.feeder.start(at: origin, recorder: recorder)
        var failures: [any Error] = []
        if let frames, let speech {
            let other = LaneThread(speech.lane, clock: clock, stop: stopHandle)
            if let failure = frames.lane.run() {
                failures.append(failure)
                stopHandle.stop()
            }
            clock.leave()
            if let failure = other.join() { failures.append(failure) }
        } else {
            if let failure = frames?.lane.run() ?? speech?.lane.run() { failures.append(failure) }
            clock.leave()
        }
        let recorded = recorder?.finish()
        if let failure = recorded?.failure { failures.append(failure) }
        let (elapsed, energy) = (clock.now() - start.time, meter.reading() - start.energy)
        // What is still being loaded is not of the run, and must not meet the end of the program.
        for recognizers in recognizers { recognizers.stopLoading() }
        // Sinks may take some seconds to bring away what they have.
        for line in power?.restore() ?? [] { logger.warning("\(line)") }
        if let failure = sinks.finish() { failures.append(failure) }
        let summary = summary(
            elapsed: elapsed, energy: energy,
            // What was not played is not missing from the transcript.
            reference: failures.isEmpty && !gates.contains(where: \.isStopping) ? reference : nil)
        return Report(summary: summary, failure: failures.first, recording: recorded?.report)
    }

    private func summary(elapsed: Duration, energy: EnergyReading, reference: String?) -> Summary {
        var streams: [(name: SampleResult.Stream, summary: StreamSummary)] = []
        if let frames { streams.append((.frames, frames.lane.summary())) }
        if let speech { streams.append((.speech, speech.lane.summary(reference: reference))) }
        let samples = streams.reduce(0) { $0 + $1.summary.samples }
        var summary = Summary(
            name: configuration.name, recording: isLive ? nil : configuration.recording.path,
            pace: isLive ? "live" : configuration.recording.pace.rawValue, seed: simulation?.seed,
            seconds: elapsed.seconds.rounded(decimals: 3), fallback: fallback,
            sinks: sinks.reports,
            energy: Summary.Energy(energy, over: elapsed, samples: samples, budget: configuration.powerBudget),
            streams: streams)
        frames?.feeder.describe(in: &summary)
        speech?.feeder.describe(in: &summary)
        return summary
    }
}
