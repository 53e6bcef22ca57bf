import Alert
import ArgumentParser
import Dashboard
import Dispatch
import Logging
import Media
import Pipelines
import Recordings
import Units

/// One run of a pipeline from the command line: opens what it reads and writes, loads and measures its recognisers,
/// shows it at work, ends it cleanly, and tells what it came to.
struct PipelineRun {
    private var configuration: PipelineConfiguration
    private let options: RunOptions
    private let inputs: [String]

    /// Makes a run; `pipeline` is the file that was read, which no output may overwrite.
    init(_ configuration: PipelineConfiguration, _ options: RunOptions, pipeline: String?) {
        self.configuration = configuration
        self.options = options
        inputs = [
            configuration.recording.path, configuration.recording.labels, configuration.speech.reference, pipeline,
            options.candidates.profilePath,
        ].compactMap { $0 }
    }

    /// Runs to the end of the recording, for so long, or until a signal comes.
    ///
    /// - Throws: What was in the way, and `ExitCode` 130 when a signal ended a replay before its recording did.
    consuming func callAsFunction(for duration: Duration? = nil) throws {
        PowerSession.restoreLeftovers()
        let outputs =
            [configuration.results, configuration.summary, configuration.record?.path, configuration.learned.file]
            .compactMap { $0 } + configuration.sinks.compactMap(\.file)
        try OutputFiles.check(outputs + configuration.speech.captions, inputs: inputs)
        try configuration.record?.check()
        for path in configuration.speech.captions { try CaptionsSink.checkEnding(of: path) }
        let reference = try RunSources.referenceText(configuration)
        let page = try configuration.page.map { try Dashboard($0, version: Heed.configuration.version, logger: logger) }
        defer { page?.close() }
        if let page { say("page: \(page.url)", .info, ["url": "\(page.url)"]) }
        let runLogger = page?.showing(logger) ?? logger
        let sources = try RunSources.open(configuration)
        try requireSpeech(sources.sound != nil)
        if sources.frames == nil { options.goal.applyToSpeech(&configuration) }
        // Before anything is loaded; what a signal does from here on is its to say.
        let isSimulated = !sources.isLive && configuration.recording.pace == .simulated
        let power = PowerSession(configuration.settings.power, isSimulated: isSimulated)
        defer { power.end() }
        let streams = try LoadedStreams(
            sources, configuration, power: power, profilePath: options.candidates.profilePath,
            acceptsProfile: options.acceptProfile)
        defer { streams.stopLoading() }
        for line in streams.descriptions { say(line) }
        if let budget = configuration.powerBudget, budget <= streams.idlePower {
            let idle = streams.idlePower.value.formatted(decimals: 1)
            say(
                "energy budget \(budget.value) W: this machine draws \(idle) W "
                    + "while it waits, so that each choice will be the cheapest in time", .warning)
        }
        if let caveat = budgetCaveat(hasFrames: streams.frames != nil, hasSpeech: streams.speech != nil) {
            say(caveat, .warning, ["policy": "\(configuration.policy)"])
        }
        let runner = try PipelineRunner(
            configuration: configuration, frames: streams.frames, speech: streams.speech, reference: reference,
            power: power.control, idlePower: streams.idlePower, meter: streams.meter, cores: streams.cores,
            sinks: try sinks(sources, streams, runLogger) + [page?.sink].compactMap(\.self), viewer: page?.viewer,
            logger: runLogger)
        page?.begin(RunDescription(configuration, isLive: sources.isLive), runner.controls)
        let stop = runner.stopHandle
        let keys = FeedbackKeys(runner.controls)
        power.interruption.stop(with: { stop.stop() }, cleanUp: { keys?.restore() })
        let timer = duration.map { StopTimer($0) { stop.stop() } }
        let report = runner.run()
        keys?.end()
        timer?.cancel()
        power.restore()
        page?.end()
        for line in sources.sound?.damage?.lines ?? [] {
            say("\(configuration.recording.path ?? "sound"): \(line)", .warning, ["stream": "speech"])
        }
        try tell(report, streams)
        let interruption = power.interruption
        if configuration.page?.stays == true, !sources.isLive, !interruption.happened, let page {
            return stay(page, until: interruption)
        }
        if interruption.happened, !sources.isLive {
            say("stopped before the recording's end")
            throw ExitCode(130)
        }
    }

    /// Why an energy budget changes no choice, if it does not.
    private func budgetCaveat(hasFrames: Bool, hasSpeech: Bool) -> String? {
        guard let budget = configuration.powerBudget else { return nil }
        if !Policies.heedsEnergyPrice(configuration.policy) {
            return "energy budget \(budget.value) W: the policy \(configuration.policy) knows of none; only policies "
                + "that weigh energy against accuracy, such as alert, keep to it"
        }
        let minimized =
            (hasFrames ? [configuration.goal.minimize] : []) + (hasSpeech ? [configuration.speech.goal.minimize] : [])
        guard minimized.allSatisfy({ $0 == .energy }) else { return nil }
        return "energy budget \(budget.value) W: the policy \(configuration.policy) has energy to minimise already, so "
            + "that the budget changes nothing"
    }

    /// Keeps the page of a run that is over until a signal comes, or has come since.
    private func stay(_ page: Dashboard, until interruption: Interruption) {
        say("the replay is over; its page stays at \(page.url) until Ctrl-C")
        let over = DispatchSemaphore(value: 0)
        interruption.stop(with: { over.signal() })
        if !interruption.happened { over.wait() }
    }

    /// Refuses captions where there is no speech to write them of.
    private func requireSpeech(_ isThere: Bool) throws {
        let captions = configuration.speech.captions + configuration.sinks.compactMap(\.captions)
        guard !isThere, let path = captions.first else { return }
        throw ValidationError("\(path): there is no speech to write captions of")
    }

    private func sinks(_ sources: RunSources, _ streams: LoadedStreams, _ logger: Logger) throws -> [any ResultSink] {
        try requireSpeech(streams.speech != nil)
        var sinks: [any ResultSink] = []
        if let results = configuration.results { sinks.append(try JSONLinesSink(path: results)) }
        for path in configuration.speech.captions { sinks.append(try CaptionsSink(path: path)) }
        for sink in configuration.sinks {
            sinks.append(try DeliverySink(sink, pipeline: configuration.name, logger: logger))
        }
        sinks.append(TerminalDisplay(frameCount: sources.frames?.frameCount))
        return sinks
    }

    /// Writes what was learned and the summary, and prints it; the run's own failure comes before one of writing.
    private func tell(_ report: PipelineRunner.Report, _ streams: LoadedStreams) throws {
        var failure = report.failure
        var written: String?
        let learned = streams.saveLearned()
        if let error = learned.failure {
            if failure == nil { failure = error } else { say("\(error)", .error) }
        }
        if let path = configuration.summary {
            do {
                try report.summary.write(to: path)
                written = path
            } catch {
                if failure == nil { failure = error } else { say("\(error)", .error) }
            }
        }
        do { try show(report, summaryPath: written, learned: learned.lines) } catch { failure = failure ?? error }
        if let failure { throw failure }
        if report.summary.samples > 0, report.summary.outcomes[.failed] == report.summary.samples {
            throw PipelinesError(
                .nothingRecognized,
                "\(report.summary.sources): not one sample could be recognised; the results say why")
        }
        let lost = report.summary.sinks.filter(\.lostAll)
        if !lost.isEmpty {
            let words = lost.map { "sink \($0.name): nothing arrived; all \($0.taken) were lost" }
            throw PipelinesError(.resultsNotWritten, words.joined(separator: "\n"))
        }
    }

    private func show(
        _ report: PipelineRunner.Report, summaryPath: String?, learned: [String]
    ) throws(PipelinesError) {
        try answer(report.summary.table)
        if let path = configuration.results { try answer("  results: \(path)") }
        for path in configuration.speech.captions { try answer("  captions: \(path)") }
        if let recording = report.recording { try answer("  recording: \(recording.words)") }
        if let summaryPath { try answer("  summary: \(summaryPath)") }
        for line in learned { try answer("  learned: \(line)") }
    }
}
