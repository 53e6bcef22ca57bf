import ArgumentParser
import Logging
import Pipelines

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

    /// Runs a command: sets up where it says what happens, and says how it ended.
    static func main() {
        var format = LogFormat.text
        do {
            var command = try parseAsRoot()
            let options = (command as? any LoggingCommand)?.logging
            format = options?.logFormat ?? format
            if format == .json { StandardError.shared.hideRows() }
            LoggingSystem.bootstrap { [format] label in
                LineLogHandler(label: label, format: format, level: options?.logLevel ?? .info)
            }
            try command.run()
            LineLogHandler.flush()
        } catch {
            end(with: error, format)
        }
    }

    /// Ends the process with an error: in JSON it is an event like all others.
    private static func end(with error: any Error, _ format: LogFormat) -> Never {
        let status = exitCode(for: error)
        if format == .json, status != .success, !(error is ExitCode) {
            logger.error("\(message(for: error))", metadata: ["status": .stringConvertible(status.rawValue)])
            LineLogHandler.flush()
            exit(withError: status)
        }
        LineLogHandler.flush()
        exit(withError: error)
    }
}
