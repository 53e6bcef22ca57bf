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
        let recognizers = try RecognizerSet(
            configuration: configuration, runtime: try OnnxRuntime.load(), cores: machine.logicalCores)
        let store = ProfileStore(path: candidates.profilePath)
        let bar = ProgressBar("measuring \(recognizers.candidates.count) candidates")
        let profile = try store.profile(
            for: recognizers, machine: machine, meter: EstimatedEnergyMeter(model: configuration.power),
            trust: .measureAnew, onProgress: bar.show)

        let rows = profile.candidates.sorted { $0.time.median < $1.time.median }.map { candidate in
            [
                candidate.candidate.name,
                candidate.time.median.formatted(decimals: 2), candidate.time.p95.formatted(decimals: 2),
                candidate.time.p99.formatted(decimals: 2),
                "\(candidate.time.runs)",
                candidate.power.value.formatted(decimals: 1),
                ((candidate.power * .milliseconds(candidate.time.median)).value * 1e3).formatted(decimals: 1),
                (candidate.accuracy * 100).formatted(decimals: 1),
            ]
        }
        let header = ["candidate", "median ms", "p95", "p99", "runs", "W", "mJ", "top-1 %"]
        print(table([header] + rows))
        print("watts and joules are \(profile.energySource)")
        print("profile: \(store.path)")
    }
}
