import Alert
import Logging
import Machine
import Pipelines
import Recognition
import Recordings
import Units

/// The streams of a run with all that recognises them: loaded, measured on this machine and ready to run.
struct LoadedStreams {
    /// The frames, if they are recognised.
    private(set) var frames: FrameStream?
    /// The speech, if it is.
    private(set) var speech: SpeechStream?
    /// What the machine draws while it waits.
    private(set) var idlePower = Watts.zero
    /// How many cores the streams share.
    var cores: Int { machine.logicalCores }
    /// What energy is read from.
    let meter: any EnergyMeter
    /// What comes in, in words, a line a stream.
    private(set) var descriptions: [String] = []

    /// What the policies of each stream learn.
    private var memories: [StreamMemory] = []
    /// What may still be loading in the background.
    private var resident: [any ResidentRecognizers] = []
    private let power: PowerSession
    private let machine: MachineDescription
    private let configuration: PipelineConfiguration
    private let store: ProfileStore
    private let trust: ProfileStore.Trust
    private let isLive: Bool
    /// How many streams share the memory.
    private let streamCount: Int

    init(
        _ sources: RunSources, _ configuration: PipelineConfiguration, power: PowerSession, profilePath: String?,
        acceptsProfile: Bool
    ) throws {
        self.configuration = configuration
        self.power = power
        isLive = sources.isLive
        streamCount = sources.frames != nil && sources.sound != nil ? 2 : 1
        machine = try MachineDescription.current()
        meter = try EnergyMeters.discover().meter(configuration.meter, model: configuration.power)
        meter.tell { say($0, .warning, ["source": "meter"]) }
        store = ProfileStore(path: profilePath)
        trust = acceptsProfile ? .asIs : .checked
        let runtime = try OnnxRuntime.load()
        let settings = try SettingChoices(
            telling: configuration, of: runtime, cores: machine.logicalCores, power: power)
        if let source = sources.frames {
            let goal = try configuration.goal.checked()
            let recognizers = try FrameRecognizers(
                configuration: configuration, settings: settings, runtime: runtime)
            let (policy, memory) = try policy(for: recognizers, of: .frames, goal: goal)
            frames = FrameStream(source: source, recognizers: recognizers, policy: policy, memory: memory)
            descriptions.append(source.description)
        }
        if let failure = sources.soundFailure { say("\(failure); it is left out", .warning, ["stream": "speech"]) }
        do {
            try loadSpeech(sources, settings, runtime)
        } catch {
            stopLoading()
            throw error
        }
    }

    /// Loads nothing more in the background; blocks until what is being loaded is done.
    func stopLoading() {
        for recognizers in resident { recognizers.stopLoading() }
    }

    /// Writes what policies learned to where it is kept; says what went where, and what first went wrong.
    func saveLearned() -> (lines: [String], failure: PipelinesError?) {
        let saved = memories.map { $0.save() }
        return (saved.flatMap(\.lines), saved.lazy.compactMap(\.failure).first)
    }

    private mutating func loadSpeech(
        _ sources: RunSources, _ settings: SettingChoices, _ runtime: OnnxRuntime
    ) throws {
        guard let source = sources.sound else { return }
        let goal = try configuration.speech.goal.checked()
        do {
            let bundles = try SpeechBundles()
            guard frames == nil || configuration.settings.power == nil else {
                throw PipelinesError(
                    .badConfiguration,
                    "settings.power: frames and speech at once would each set the machine's power for the other; "
                        + "recognise one of them (recording.streams, --stream), or leave `power` out")
            }
            let detector = try bundles.detector(runtime: runtime)
            let recognizers = try SpeechRecognizers(
                configuration: configuration, bundles: bundles, settings: settings, runtime: runtime)
            let (policy, memory) = try policy(for: recognizers, of: .speech, goal: goal)
            speech = SpeechStream(
                source: source, recognizers: recognizers, detector: detector, policy: policy, memory: memory)
            descriptions.append(source.description)
        } catch let error as PipelinesError
            where error.code == .noRecognizers && frames != nil && configuration.recording.streams == nil
            && !sources.isLive
        {
            say("\(error.message); its sound is left out", .warning, ["stream": "speech"])
        }
    }

    /// A policy over the profile of these recognisers, which are measured now if they never were, and what outlives it.
    private mutating func policy(
        for recognizers: any MeasurableCandidates & ResidentRecognizers, of stream: SampleResult.Stream,
        goal: Alert.Goal
    ) throws -> (any Policy, StreamMemory) {
        var progress: ProgressBar?
        var profile = try store.profile(
            for: recognizers, machine: machine, meter: meter, power: power.control, trust: trust,
            onProgress: {
                let bar = progress ?? ProgressBar("measuring the recognisers on this machine (once)")
                progress = bar
                bar.show($0)
            }, notice: { say($0, .warning) })
        // What another candidate is never worse than needs neither memory nor a look at each choice.
        if !Policies.needsDominated(configuration.policy) { profile.candidates.removeAll { $0.dominatedBy != nil } }
        if let caveat = Policies.caveat(configuration.policy, candidates: profile.candidates) {
            say(caveat, .warning, ["policy": "\(configuration.policy)"])
        }
        // As measured when this run took hold of the knobs.
        if let control = power.control {
            for index in profile.candidates.indices {
                let setting = profile.candidates[index].candidate.setting.power
                profile.candidates[index].settleTime = control.settleTime(named: setting)
            }
        }
        let offered = Set(profile.candidates.map(\.candidate))
        recognizers.keep(recognizers.candidates.indices.filter { offered.contains(recognizers.candidates[$0]) })
        recognizers.offerStops(in: &profile)
        idlePower = profile.idlePower
        let source = meter.sources.description
        if profile.energySource != source, configuration.recording.pace != .simulated {
            say(
                "the profile's watts are \(profile.energySource), the meter here is \(source); run `heed profile`",
                .warning)
        }
        resident.append(recognizers)
        // A run that repeats itself must not depend on how soon a recogniser is loaded, on what memory is free, nor on
        // what others learned.
        let isRepeatable = !isLive && configuration.recording.pace != .realtime
        var policy = try Policies.make(configuration.policy, profile: profile, goal: goal)
        let memory = StreamMemory(of: stream, in: LearnedPlace(configuration.learned, isRepeatable: isRepeatable))
        if let line = try memory.takeUp(&policy) { say(line, .info, ["stream": "\(stream.rawValue)"]) }
        memories.append(memory)
        let budget = try configuration.settings.memory ?? (isRepeatable ? Int.max : MemoryUse.available() / 2)
        try recognizers.makeResident(
            profile: profile, goal: goal, budget: budget / streamCount, inBackground: !isRepeatable)
        return (policy, memory)
    }
}
