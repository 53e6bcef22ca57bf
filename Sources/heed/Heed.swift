import ArgumentParser

/// The command line.
@main
struct Heed: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heed",
        abstract: "Recognises camera and microphone streams while the answer still matters.",
        discussion: """
            Every sample carries a deadline that starts at the sensor. For each one the ALERT stage picks a recogniser \
            and a setting, so that the answer comes in time with the fewest errors, or for the least energy.
            """,
        version: "0.1.0",
        subcommands: [
            WatchCommand.self, ListenCommand.self, RunCommand.self, RecordCommand.self, ReplayCommand.self,
            TranscribeCommand.self, FeedbackCommand.self, DevicesCommand.self, DoctorCommand.self, EnergyCommand.self,
            PowerCommand.self, ProfileCommand.self, ModelsCommand.self, CheckCommand.self, TraceCommand.self,
            BenchCommand.self, StressCommand.self, ReportCommand.self,
        ])
}
