import Alert
import ArgumentParser
import Dashboard
import Machine
import Media
import Pipelines
import Recognition
import Recordings
import Units

/// Times what keeps the results of a run for others: the results file, and the page's figures (`/metrics`) and events.
struct ResultsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results", abstract: "Time the results file and the page's figures for one sample, block by block."
    )

    @Argument(help: "The recognizer's name.")
    var recognizer: String

    @Argument(help: "A recording; its frames are recognised once, and their results are what is written.")
    var recording: String

    @Argument(help: "Where to write results.")
    var results: String

    func run() throws {
        let kept = try recognised()
        let lines = try JSONLinesSink(path: results)
        var page = PipelineConfiguration.Page()
        page.address.port = 0
        let dashboard = try Dashboard(page, version: "bench")
        defer { dashboard.close() }
        let figures = dashboard.sink
        try Blocks.serve { repetitions in
            var times = (lines: [Int64](), figures: [Int64]())
            for index in 0..<repetitions {
                let result = kept[index % kept.count]
                times.lines.append(try Self.time { try lines.receive(result) })
                times.figures.append(try Self.time { try figures.receive(result) })
            }
            return ["lines": times.lines, "figures": times.figures]
        }
    }

    /// The results of all the recording's frames.
    private func recognised() throws -> [SampleResult] {
        var configuration = PipelineConfiguration()
        configuration.recording.path = recording
        configuration.recording.pace = .fast
        configuration.recognizers = [recognizer]
        let recognizers = try FrameRecognizers(
            configuration: configuration, settings: SettingChoices([Setting(threads: 1)]), runtime: .load())
        let profile = recognizers.candidates.map {
            CandidateProfile(
                candidate: $0, time: TimeStatistics(samples: [.milliseconds(10)]), power: Watts(10), accuracy: 0.9)
        }
        let goal = try Goal(deadline: .milliseconds(100), objective: .minimizeError(energy: nil))
        let keeper = Keeper()
        let runner = try PipelineRunner(
            configuration: configuration,
            frames: FrameStream(
                source: .recording(try .open(recording)), recognizers: recognizers,
                policy: try AlertPolicy(candidates: profile, idlePower: Watts(3), goal: goal)),
            speech: nil, idlePower: Watts(3), meter: EstimatedEnergyMeter(model: configuration.power),
            sinks: [keeper])
        if let failure = runner.run().failure { throw failure }
        guard !keeper.results.isEmpty else { throw ValidationError("\(recording) has no frame") }
        return keeper.results
    }

    private static func time(_ body: () throws -> Void) rethrows -> Int64 {
        let start = MonotonicTime.now()
        try body()
        return (MonotonicTime.now() - start).nanoseconds
    }
}

private final class Keeper: ResultSink {
    private(set) var results: [SampleResult] = []
    func receive(_ result: SampleResult) { results.append(result) }
    func finish() {}
}
