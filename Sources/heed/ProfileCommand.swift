import Alert
import ArgumentParser
import Machine
import Pipelines
import Recognition
import Units

/// `heed profile`: measures each candidate on this machine.
struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Measure what each recogniser takes on this machine.",
        discussion: """
            Run it while the machine has little else to do. The profile says what it was measured on; `heed replay` \
            refuses one of another machine or other models.
            """)

    @OptionGroup(title: "Candidates")
    var candidates: CandidateOptions

    @Option(help: "A pipeline file whose recognisers, settings and watts are taken.")
    var pipeline: String?

    func run() throws {
        var configuration = try pipeline.map { try PipelineConfiguration(file: $0) } ?? PipelineConfiguration()
        candidates.apply(to: &configuration)
        let machine = try MachineDescription.current()
        let store = ProfileStore(path: candidates.profilePath)
        let meter = try EnergyMeters.discover().meter(configuration.meter, model: configuration.power)
        meter.tell { say($0) }
        var measured: [CandidateProfile] = []
        for recognizers in try recognizers(configuration, cores: machine.logicalCores) {
            let bar = ProgressBar("measuring \(recognizers.candidates.count) candidates")
            measured += try store.profile(
                for: recognizers, machine: machine, meter: meter, trust: .measureAnew, onProgress: bar.show
            ).candidates
        }

        let rows = measured.sorted { $0.time.median < $1.time.median }.map(Self.row)
        let header = ["candidate", "median ms", "p95", "p99", "runs", "W", "mJ", "right %"]
        print(table([header] + rows))
        if measured.contains(where: { $0.candidate.task != nil }) {
            print("speech: 5 s of sound; right is one less the word error rate")
        }
        print("watts and joules are \(meter.sources.description)")
        print("profile: \(store.path)")
    }

    /// The recognisers of images and of speech that the configuration names, or all of both that are installed.
    private func recognizers(
        _ configuration: PipelineConfiguration, cores: Int
    ) throws -> [any MeasurableCandidates] {
        let wanted = try configuration.wantedStreams()
        let runtime = try OnnxRuntime.load()
        let settings = try SettingChoices(configuration.settings, of: runtime.processors(), cores: cores)
        settings.tell()
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

    private static func row(_ profile: CandidateProfile) -> [String] {
        let time = profile.time
        let energy = profile.power * .milliseconds(time.median)
        return [
            profile.candidate.name, time.median.formatted(decimals: 2), time.p95.formatted(decimals: 2),
            time.p99.formatted(decimals: 2), "\(time.runs)", profile.power.value.formatted(decimals: 1),
            (energy.value * 1e3).formatted(decimals: 1), (profile.accuracy * 100).formatted(decimals: 1),
        ]
    }
}
