import Alert
import ArgumentParser
import Foundation
import Machine
import Media
import Pipelines
import Recognition
import Recordings
import Units

/// `heed replay`: plays a recording as a stream and recognises each sample on time.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Replay a recorded stream and recognise each sample on time.",
        discussion: """
            RECORDING is a video that FFmpeg's libraries read, or a folder of pictures. True labels are taken from \
            labels.tsv in the folder (file, class, name), or from NAME.labels.tsv beside the video (start, end, class, \
            name).

            Examples:
              heed replay demo.mkv --deadline 50ms
              heed replay pictures/ --rate 30 --deadline 33ms --results results.jsonl --summary summary.json
              heed replay demo.mkv --minimize energy --accuracy 0.85
              heed replay --pipeline pipelines/frames.yaml demo.mkv
            """)

    @Argument(help: "A video file or a folder of pictures.")
    var recording: String?

    @Option(help: "A pipeline file; options on the command line come before what it says.")
    var pipeline: String?

    @Option(parsing: .unconditional, help: "Samples a second. Default: the video's own; 30 for pictures.")
    var rate: Double?

    @Option(help: "realtime: samples arrive on the wall clock. fast: as fast as the machine allows.")
    var pace: PipelineConfiguration.Pace?

    @Option(help: "A file of true labels.")
    var labels: String?

    @Option(
        parsing: .unconditional, help: "From the sensor to the result, such as 33ms. Default: 100ms.",
        transform: deadlineArgument)
    var deadline: Duration?

    @Option(help: "What to make least, within the deadline. Default: error.")
    var minimize: PipelineConfiguration.Minimize?

    @Option(
        parsing: .unconditional, help: "With --minimize error: the most energy a sample may take, such as 2J.",
        transform: energyArgument)
    var energy: Joules?

    @Option(
        parsing: .unconditional,
        help: "With --minimize energy: the least expected accuracy, 0 to 1, such as 0.85.")
    var accuracy: Double?

    @Option(help: "The wanted probability of meeting the deadline, 0 to 1. Default: 0.95.")
    var confidence: Double?

    @Option(help: "Who chooses: \(Policies.names.joined(separator: ", ")). Default: alert.")
    var policy: String?

    @OptionGroup(title: "Candidates")
    var candidates: CandidateOptions

    @Flag(help: "Use a profile of another machine or other models as it is.")
    var acceptProfile = false

    @Option(help: "Write one JSON line a sample to this file.")
    var results: String?

    @Option(help: "Write the summary as JSON to this file.")
    var summary: String?

    func run() throws {
        let configuration = try mergedConfiguration()
        guard let path = configuration.recording.path else {
            throw ValidationError(
                "which recording? Name a video or a folder of pictures, or set recording.path in --pipeline")
        }
        let goal = try configuration.alertGoal()
        try OutputFiles.check(
            [configuration.results, configuration.summary].compactMap { $0 },
            inputs: [path, configuration.recording.labels, pipeline, candidates.profilePath].compactMap { $0 })
        let recording = try Recording.open(
            path, rate: configuration.recording.rate, labels: configuration.recording.labels)

        let machine = try MachineDescription.current()
        let meter = EstimatedEnergyMeter(model: configuration.power)
        let recognizers = try RecognizerSet(
            configuration: configuration, runtime: try OnnxRuntime.load(), cores: machine.logicalCores)
        let profile = try storedOrMeasuredProfile(for: recognizers, machine: machine, meter: meter)
        let policy = try Policies.make(configuration.policy, profile: profile, goal: goal)

        var sinks: [any ResultSink] = []
        if let results = configuration.results { sinks.append(try JSONLinesSink(path: results)) }
        say("\(recording.info.path): \(recording.info.format)")
        if StatusLine.isPossible { sinks.append(StatusLine(expected: recording.info.frameCount)) }
        let runner = PipelineRunner(
            configuration: configuration, recording: recording, recognizers: recognizers, policy: policy,
            idlePower: profile.idlePower, meter: meter, sinks: sinks)
        let stop = runner.stopHandle
        let interruption = Interruption { stop.stop() }
        let report = runner.run()
        interruption.end()
        try tell(report, path: path, configuration: configuration)
        if interruption.happened { throw ExitCode(130) }
    }

    /// Prints and writes the summary; the run's own failure comes before one of writing.
    private func tell(
        _ report: PipelineRunner.Report, path: String, configuration: PipelineConfiguration
    ) throws {
        var failure = report.failure
        print(report.summary.table)
        if let path = configuration.results { print("  results: \(path)") }
        if let path = configuration.summary {
            do {
                try report.summary.write(to: path)
                print("  summary: \(path)")
            } catch {
                if failure == nil { failure = error } else { say("Error: \(error)") }
            }
        }
        if let failure { throw failure }
        if report.summary.samples > 0, report.summary.outcomes[.failed] == report.summary.samples {
            throw PipelinesError(.nothingRecognized, "\(path): not one sample could be recognised; the results say why")
        }
    }

    private func mergedConfiguration() throws -> PipelineConfiguration {
        var configuration = try pipeline.map { try PipelineConfiguration(file: $0) } ?? PipelineConfiguration()
        if let recording { configuration.recording.path = recording }
        if let rate {
            guard rate.isFinite, (0.001...1000).contains(rate) else {
                throw ValidationError("--rate \(rate): expected samples a second, from 0.001 to 1000")
            }
            configuration.recording.rate = rate
        }
        if let pace { configuration.recording.pace = pace }
        if let labels { configuration.recording.labels = labels }
        if let deadline { configuration.goal.deadline = deadline }
        if let minimize, minimize != configuration.goal.minimize {
            configuration.goal.minimize = minimize
            configuration.goal.energy = nil
            configuration.goal.accuracy = nil
        }
        if let energy { configuration.goal.energy = energy }
        if let accuracy { configuration.goal.accuracy = accuracy }
        if let confidence { configuration.goal.confidence = confidence }
        if let policy {
            guard Policies.names.contains(policy) else {
                let nearest = nearestWord(to: policy, in: Policies.names).map { "did you mean `\($0)`? " } ?? ""
                throw ValidationError(
                    "--policy `\(policy)`: no such policy; \(nearest)There are \(Policies.names.joined(separator: ", "))"
                )
            }
            configuration.policy = policy
        }
        candidates.apply(to: &configuration)
        if let results { configuration.results = results }
        if let summary { configuration.summary = summary }
        return configuration
    }

    private func storedOrMeasuredProfile(
        for recognizers: RecognizerSet, machine: MachineDescription, meter: any EnergyMeter
    ) throws -> Profile {
        var progress: ProgressBar?
        return try ProfileStore(path: candidates.profilePath).profile(
            for: recognizers, machine: machine, meter: meter, trust: acceptProfile ? .asIs : .checked
        ) { share in
            let bar = progress ?? ProgressBar("measuring the recognisers on this machine (once)")
            progress = bar
            bar.show(share)
        }
    }
}
