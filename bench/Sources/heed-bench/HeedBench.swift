import ArgumentParser

/// heed's side of `bench/run`, which starts these commands and reads what they print.
@main
struct HeedBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heed-bench",
        abstract: "Time the parts of heed that bench/run compares with a peer.",
        subcommands: [
            InferenceCommand.self, ScoresCommand.self, FrameCommand.self, CaptureCommand.self, SchedulerCommand.self,
            MetersCommand.self, SpeechCommand.self, SwitchingCommand.self, OverlapCommand.self, ResultsCommand.self,
        ])
}
