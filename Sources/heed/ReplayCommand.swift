import ArgumentParser
import Foundation
import Media
import Pipelines
import Recognition
import Recordings

/// `heed replay`: plays a recording as a stream and recognises each sample on time.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Replay recorded frames and sound and recognise each sample on time.",
        discussion: """
            RECORDING is a video or a sound file that FFmpeg's libraries read, or a folder of pictures. Frames are \
            labelled, speech becomes captions: words that are committed never change, those that may are dimmed on a \
            terminal. True labels are taken from labels.tsv in the folder (file, class, name), or from \
            NAME.labels.tsv beside the video (start, end, class, name), the words that are said from NAME.words.txt.

            The goal is that of frames; captions have a deadline of their own, and the rest of their goal in a pipeline \
            file (speech.goal). Where there are no frames, the goal is that of captions.

            Examples:
              heed replay demo.mkv --deadline 50ms
              heed replay pictures/ --rate 30 --deadline 33ms --results results.jsonl --summary summary.json
              heed replay demo.mkv --minimize energy --accuracy 0.85
              heed replay --pipeline pipelines/frames.yaml demo.mkv
              heed replay talk.wav --captions talk.vtt --reference talk.txt
            """)

    @Argument(help: "A video or sound file, or a folder of pictures.")
    var recording: String?

    @Option(help: "A pipeline file; options on the command line come before what it says.")
    var pipeline: String?

    @Option(parsing: .unconditional, help: "Samples a second. Default: the video's own; 30 for pictures.")
    var rate: Double?

    @Option(help: "realtime: samples arrive on the wall clock. fast: as fast as the machine allows.")
    var pace: PipelineConfiguration.Pace?

    @Option(help: "What to recognise of it: frames, speech; repeat for both. Default: all that recognisers are for.")
    var stream: [SampleResult.Stream] = []

    @Option(help: "A file of true labels.")
    var labels: String?

    @Option(help: "A file with the text that is said, for the word error rate. Default: NAME.words.txt beside it.")
    var reference: String?

    @Option(help: "The language that is spoken, by its two-letter code. Default: en.")
    var language: String?

    @OptionGroup(title: "Goal")
    var goal: GoalOptions

    @OptionGroup(title: "Candidates")
    var candidates: CandidateOptions

    @Flag(help: "Use a profile of another machine or other models as it is.")
    var acceptProfile = false

    @Option(help: "Write one JSON line a sample to this file.")
    var results: String?

    @Option(help: "Write the summary as JSON to this file.")
    var summary: String?

    @Option(help: "Write captions to this file as they are committed: NAME.vtt, .srt or .txt; repeat for several.")
    var captions: [String] = []

    func run() throws {
        var configuration = try mergedConfiguration()
        guard let path = configuration.recording.path else {
            throw ValidationError(
                "which recording? Name a video, a sound file or a folder of pictures, or set recording.path in "
                    + "--pipeline")
        }
        let outputs = [configuration.results, configuration.summary].compactMap { $0 } + configuration.speech.captions
        let inputs = [
            path, configuration.recording.labels, configuration.speech.reference, pipeline, candidates.profilePath,
        ]
        try OutputFiles.check(outputs, inputs: inputs.compactMap { $0 })
        let reference = try ReplaySource.referenceText(of: path, configuration)
        let source = try ReplaySource.open(path, configuration)
        if source.frames == nil { goal.applyToSpeech(&configuration) }
        let streams = try ReplayStreams(
            source, configuration, profilePath: candidates.profilePath, acceptsProfile: acceptProfile)

        var sinks: [any ResultSink] = []
        if streams.speech == nil, let path = configuration.speech.captions.first {
            throw ValidationError("\(path): there is no speech to write captions of")
        }
        if let results = configuration.results { sinks.append(try JSONLinesSink(path: results)) }
        for path in configuration.speech.captions { sinks.append(try CaptionsSink(path: path)) }
        for line in streams.descriptions { say("\(path): \(line)") }
        // Speech has no number of samples that is known before.
        sinks.append(TerminalDisplay(expected: streams.speech == nil ? source.frames?.info.frameCount : nil))
        let runner = PipelineRunner(
            configuration: configuration, path: path, frames: streams.frames, speech: streams.speech,
            reference: reference, idlePower: streams.idlePower,
            meter: streams.meter, sinks: sinks)
        let stop = runner.stopHandle
        let interruption = Interruption { stop.stop() }
        let report = runner.run()
        interruption.end()
        for line in source.sound?.damage.lines ?? [] { say("\(path): \(line)") }
        try tell(report, path: path, configuration: configuration)
        if interruption.happened {
            say("stopped before the recording's end")
            throw ExitCode(130)
        }
    }

    /// Prints and writes the summary; the run's own failure comes before one of writing.
    private func tell(
        _ report: PipelineRunner.Report, path: String, configuration: PipelineConfiguration
    ) throws {
        var failure = report.failure
        print(report.summary.table)
        if let path = configuration.results { print("  results: \(path)") }
        for path in configuration.speech.captions { print("  captions: \(path)") }
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
        if !stream.isEmpty { configuration.recording.streams = stream }
        if let reference { configuration.speech.reference = reference }
        if let language { configuration.speech.language = language }
        if !captions.isEmpty { configuration.speech.captions = captions }
        try goal.apply(to: &configuration)
        candidates.apply(to: &configuration)
        if let results { configuration.results = results }
        if let summary { configuration.summary = summary }
        return configuration
    }
}
