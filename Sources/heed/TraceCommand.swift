import Alert
public import ArgumentParser
import Foundation
import Logging
public import Machine
import Pipelines
import Recognition
import Recordings
import Traces
import Units

extension CoRunnerEnvironment: ExpressibleByArgument {}

/// `heed trace`: what every candidate takes and gives for every sample of a recording.
struct TraceCommand: LoggingCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Record what every candidate takes and gives for every sample, to compare policies on.",
        discussion: """
            RECORDING is a video or a folder of pictures with labels, or a sound file with its words, as for \
            `heed replay`. Every sample is recognised by every candidate: its time, its energy, whether its answer is \
            right (of speech the share of words that are), and how sure it was. Beside it runs what the environment \
            says: nothing, a co-runner that computes or streams memory on every core (`heed stress`), or co-runners \
            that come and go.

            A trace that was begun goes on with the same command. `heed bench --trace FILE` plays policies over it; \
            docs/traces.md tells what is in it.

            Examples:
              heed trace pictures/
              heed trace demo.mkv --every 10 --environment changing --seed 7 --output changing.heedtrace
              heed trace talk.wav --stream speech --environment compute
            """)

    @Argument(help: "A video, a folder of pictures or a sound file.")
    var recording: String

    @Option(help: "What runs beside: idle, compute, memory, or changing.")
    var environment = CoRunnerEnvironment.idle

    @Option(help: "With --environment changing: what its chances begin with. Default: 1.")
    var seed: UInt64?

    @Option(help: "Frames or speech. Default: what the recording has, frames where it has both.")
    var stream: SampleResult.Stream?

    @Option(help: "Take one frame of so many; those of a video are much alike.")
    var every = 1

    @Option(
        parsing: .unconditional,
        help: """
            Frames a second of the stream that is traced: a candidate runs one interval after its last run began. \
            Default: the video's own; 30 for pictures.
            """)
    var rate: Double?

    @Option(help: "Take so many samples at most.")
    var samples: Int?

    @Option(help: "A file of true labels. Default: as for `heed replay`.")
    var labels: String?

    @Option(help: "A file with the text that is said. Default: NAME.words.txt beside the recording.")
    var reference: String?

    @OptionGroup(title: "Candidates")
    var candidates: CandidateOptions

    @Option(help: "A pipeline file whose recognisers, settings and watts are taken.")
    var pipeline: String?

    @Option(name: .shortAndLong, help: "The trace. Default: RECORDING-ENVIRONMENT.heedtrace here.")
    var output: String?

    @OptionGroup(title: "Log")
    var logging: LogOptions

    func validate() throws {
        guard every >= 1 else { throw ValidationError("--every \(every): expected 1 or more") }
        if let samples, samples < 1 { throw ValidationError("--samples \(samples): expected 1 or more") }
        if seed != nil, environment != .changing {
            throw ValidationError("--seed goes with --environment changing, where alone chance plays a part")
        }
        if let rate {
            guard rate.isFinite, (0.001...1000).contains(rate) else {
                throw ValidationError("--rate \(rate): expected frames a second, from 0.001 to 1000")
            }
            if stream == .speech { throw ValidationError("--rate goes with frames") }
        }
        if every > 1, stream == .speech { throw ValidationError("--every goes with frames") }
    }

    func run() throws {
        PowerSession.restoreLeftovers()
        var configuration = try pipelineConfiguration(pipeline)
        configuration.camera = nil
        configuration.microphone = nil
        configuration.record = nil
        configuration.recording.path = recording
        if let rate { configuration.recording.rate = rate }
        if let labels { configuration.recording.labels = labels }
        if let reference { configuration.speech.reference = reference }
        if let stream { configuration.recording.streams = [stream] }
        candidates.apply(to: &configuration)
        guard configuration.settings.power == nil else {
            throw PipelinesError(.badConfiguration, "settings.power: a trace sets no power; leave it out")
        }
        let output = output ?? usualOutput
        try OutputFiles.check([output], inputs: [self.recording, labels, reference, pipeline].compactMap(\.self))

        let meter = try EnergyMeters.discover().meter(configuration.meter, model: configuration.power)
        meter.tell { say($0, .warning, ["source": "meter"]) }
        let (samples, profile) = try opened(configuration, meter)
        for (option, isGiven) in [("--rate", rate != nil), ("--every", every > 1)] where isGiven {
            guard samples.interval == nil else { continue }
            throw ValidationError("\(option) goes with frames, and \(self.recording) is traced for its speech")
        }
        let seed = environment == .changing ? seed ?? 1 : nil
        let header = TraceHeader(
            origin: .measured, environment: environment.rawValue, seed: seed, source: sourceName,
            interval: samples.interval, hasConfidence: true, profile: profile)
        var recording = try TraceRecording(
            to: output, header: header, of: samples, in: CoRunnerSchedule(environment, seed: seed ?? 1), meter: meter,
            resumes: FileManager.default.fileExists(atPath: output))
        if let omission = recording.omission { say(omission, .warning) }
        if recording.count > 0 { say("\(output): goes on after \(recording.count) samples") }
        let limit = self.samples ?? Int.max
        let interruption = Interruption {}
        defer { interruption.end() }
        let total = Double(min(samples.count ?? limit, limit))
        let title = "recording \(counted(profile.candidates.count, "candidate", "candidates")), \(environment.rawValue)"
        let progress = TimedProgress(title, from: Double(recording.count) / total)
        let isAtEnd = try recording.run(
            limit: limit, isStopped: { interruption.happened }, onSample: { progress.show(Double($0) / total) })
        progress.end()
        for omission in samples.omissions { say("\(self.recording): \(omission)", .warning) }
        guard recording.count > 0 || !isAtEnd else {
            try? FileManager.default.removeItem(atPath: output)
            throw PipelinesError(
                .nothingRecognized,
                "\(self.recording): has no sample with a known answer; give frames labels (labels.tsv, or "
                    + "--labels), or speech its words (--reference)")
        }
        let recorded = counted(recording.count, "sample", "samples")
        try answer("\(output): \(recorded) of \(environment.rawValue), energy \(meter.sources)")
        guard isAtEnd else {
            say("stopped before the recording's end; the same command goes on")
            throw ExitCode(130)
        }
    }

    private var usualOutput: String {
        let name = URL(fileURLWithPath: recording).deletingPathExtension().lastPathComponent
        return "\(name)-\(environment.rawValue).heedtrace"
    }

    /// What a trace says it was recorded from: enough to tell whether another one goes on with it.
    private var sourceName: String {
        let name = URL(fileURLWithPath: recording).lastPathComponent
        return every > 1 ? "\(name), one frame of \(every)" : name
    }

    /// The recording's samples and the profile of who recognises them; dominated candidates are left out, as live.
    private func opened(
        _ configuration: PipelineConfiguration, _ meter: any EnergyMeter
    ) throws -> (any TracedSamples, Profile) {
        let words = try RunSources.referenceText(configuration)
        let sources = try RunSources.open(configuration)
        let machine = try MachineDescription.current()
        let runtime = try OnnxRuntime.load()
        let settings = try SettingChoices(telling: configuration, of: runtime, cores: machine.logicalCores)
        func profile(of recognizers: any MeasurableCandidates, where isWanted: (Candidate) -> Bool) throws -> Profile {
            var bar: ProgressBar?
            var profile = try ProfileStore(path: candidates.profilePath).profile(
                for: recognizers, machine: machine, meter: meter,
                onProgress: {
                    bar = bar ?? ProgressBar("measuring the recognisers on this machine (once)")
                    bar?.show($0)
                }, notice: { say($0, .warning) })
            profile.candidates.removeAll { $0.dominatedBy != nil || !isWanted($0.candidate) }
            let offered = Set(profile.candidates.map(\.candidate))
            recognizers.keep(recognizers.candidates.indices.filter { offered.contains(recognizers.candidates[$0]) })
            // What a trace needs of the machine's other profiles is nothing.
            profile.models = profile.models.filter { model in offered.contains { $0.recognizer == model.key } }
            return profile
        }
        if case .recording(let frames)? = sources.frames {
            let recognizers = try FrameRecognizers(configuration: configuration, settings: settings, runtime: runtime)
            let profile = try profile(of: recognizers) { _ in true }
            return (TracedFrames(frames, recognizers, every: every), profile)
        }
        guard let words else {
            throw PipelinesError(
                .badConfiguration,
                "\(recording): what is said in it is not known; give its text with --reference, or in "
                    + "NAME.words.txt beside it"
            )
        }
        let bundles = try SpeechBundles()
        let recognizers = try SpeechRecognizers(
            configuration: configuration, bundles: bundles, settings: settings, runtime: runtime)
        let profile = try profile(of: recognizers) { $0.task == SpeechRecognizers.finalTask }
        let best = profile.candidates.indices.max {
            (profile.candidates[$0].accuracy, -$0) < (profile.candidates[$1].accuracy, -$1)
        }
        let utterances = try TracedUtterances(
            recording, recognizers, detector: bundles.detector(runtime: runtime), reference: words, heardBy: best ?? 0)
        return (utterances, profile)
    }
}
