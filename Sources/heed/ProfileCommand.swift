import Alert
import ArgumentParser
import Logging
import Machine
import Pipelines
import Recognition
import Units

/// `heed profile`: measures each candidate on this machine.
struct ProfileCommand: LoggingCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Measure what each recogniser takes on this machine, with each setting.",
        discussion: """
            Run it while the machine has little else to do. The profile says what it was measured on; `heed replay` \
            refuses one of another machine or other models. Ctrl-C keeps what was measured until then, and the next \
            start goes on from there.

            A candidate is never chosen that another one is never worse than: no slower, no hungrier and as accurate. \
            It stays in the profile, marked, and is listed below the table with its reason. Of each processor the \
            quickest and the most accurate remain, should another one fail.

            Accuracy is what bundles state of their models; computing in bf16 is taken to change nothing, unless the \
            bundle states otherwise.

            Examples:
              heed profile
              heed profile --settings auto
              heed profile --settings auto --quick
              heed profile --processors openvino,cpu --threads 1,2 --recognizer efficientnet-lite0-fp32
            """)

    @OptionGroup(title: "Candidates")
    var candidates: CandidateOptions

    @Flag(
        help: """
            Measure a part only: one recogniser with all settings, all with one setting, and a few more; estimate the \
            rest and tell how good the estimates are.
            """)
    var quick = false

    @Option(help: "A pipeline file whose recognisers, settings and watts are taken.")
    var pipeline: String?

    @OptionGroup(title: "Log")
    var logging: LogOptions

    func run() throws {
        var configuration = try pipeline.map { try PipelineConfiguration(file: $0) } ?? PipelineConfiguration()
        candidates.apply(to: &configuration)
        PowerSession.restoreLeftovers()
        let power = PowerSession(configuration.settings.power)
        defer { power.end() }
        let machine = try MachineDescription.current()
        let store = ProfileStore(path: candidates.profilePath)
        let meter = try EnergyMeters.discover().meter(configuration.meter, model: configuration.power)
        meter.tell { say($0, .warning, ["source": "meter"]) }
        let interruption = power.interruption
        interruption.stop(with: {})
        let unfinished = UnfinishedRuns(of: store) { interruption.happened }
        var profiles: [Profile] = []
        var errors: [Double] = []
        for recognizers in try recognizers(configuration, power, cores: machine.logicalCores) {
            let bar = ProgressBar("measuring \(recognizers.candidates.count) candidates")
            let notice = { (line: String) in say(line, .warning) }
            do {
                if quick {
                    let estimated = try store.estimatedProfile(
                        for: recognizers, machine: machine, meter: meter, power: power.control, unfinished: unfinished,
                        onProgress: { bar.show($0) }, notice: notice)
                    profiles.append(estimated.profile)
                    errors += estimated.errors
                } else {
                    profiles.append(
                        try store.profile(
                            for: recognizers, machine: machine, meter: meter, power: power.control, trust: .measureAnew,
                            unfinished: unfinished, onProgress: { bar.show($0) }, notice: notice))
                }
            } catch let error as PipelinesError where error.code == .stopped {
                bar.clear()
                say(error.message)
                throw ExitCode(130)
            }
        }
        unfinished.remove()
        try tell(profiles, errors)
        try answer("watts and joules are \(meter.sources.description)")
        try answer("profile: \(store.path)")
    }

    /// The recognisers of images and of speech that the configuration names, or all of both that are installed.
    private func recognizers(
        _ configuration: PipelineConfiguration, _ power: PowerSession, cores: Int
    ) throws -> [any MeasurableCandidates] {
        let wanted = try configuration.wantedStreams()
        let runtime = try OnnxRuntime.load()
        let settings = try SettingChoices(telling: configuration, of: runtime, cores: cores, power: power)
        var sets: [any MeasurableCandidates] = []
        if wanted?.contains(.frames) ?? true {
            sets.append(try FrameRecognizers(configuration: configuration, settings: settings, runtime: runtime))
        }
        let bundles = try SpeechBundles()
        if wanted?.contains(.speech) ?? !bundles.recognizers.isEmpty {
            sets.append(
                try SpeechRecognizers(
                    configuration: configuration, bundles: bundles, settings: settings, runtime: runtime))
        }
        return sets
    }

    private func tell(_ profiles: [Profile], _ errors: [Double]) throws {
        let candidates = profiles.flatMap(\.candidates)
        let rows = candidates.sorted { $0.time.median < $1.time.median }.map(Self.row)
        let header = ["candidate", "median ms", "p95", "p99", "runs", "W", "mJ", "right %"]
        try answer(table([header] + rows))
        for cascade in candidates where cascade.isAnytime {
            let stages = cascade.stages.map {
                "after \($0.time.median.formatted(decimals: 2)) ms, "
                    + "\(($0.accuracy * 100).formatted(decimals: 1)) % right"
            }
            try answer("\(cascade.candidate.name) answers \(stages.joined(separator: "; "))")
        }
        if candidates.contains(where: { $0.candidate.task != nil }) {
            try answer("speech: 5 s of sound; right is one less the word error rate")
        }
        if candidates.contains(where: { !$0.isMeasured }) { try answer(Self.quality(of: errors)) }
        let dominated = profiles.flatMap(\.dominatedLines)
        if !dominated.isEmpty {
            try answer("never chosen, as another one is never worse (\(dominated.count) of \(candidates.count)):")
            for line in dominated { try answer("  \(line)") }
        }
    }

    private static func row(_ profile: CandidateProfile) -> [String] {
        let time = profile.time
        let energy = profile.power * .milliseconds(time.median)
        let about = profile.isMeasured ? "" : "~"
        return [
            profile.candidate.name + (profile.dominatedBy == nil ? "" : " –"),
            about + time.median.formatted(decimals: 2), about + time.p95.formatted(decimals: 2),
            about + time.p99.formatted(decimals: 2), "\(time.runs)", about + profile.power.value.formatted(decimals: 1),
            about + (energy.value * 1e3).formatted(decimals: 1), (profile.accuracy * 100).formatted(decimals: 1),
        ]
    }

    /// How far estimates are off, as measured candidates tell that are estimated from the others.
    private static func quality(of errors: [Double]) -> String {
        let sorted = errors.sorted()
        guard let worst = sorted.last else { return "~ is estimated; how well, too few were measured to tell" }
        func percent(_ share: Double) -> String { "\((share * 100).formatted(decimals: 0)) %" }
        return "~ is estimated, and may be off by \(percent(worst)) or more: by so much was the worst of "
            + "\(sorted.count) measured times missed, estimated from the others; "
            + "\(percent(sorted[sorted.count / 2])) in the middle"
    }
}
