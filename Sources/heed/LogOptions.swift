public import ArgumentParser
public import Logging
public import Pipelines

extension LogFormat: ExpressibleByArgument {}
extension Logger.Level: @retroactive ExpressibleByArgument {}

/// How a command tells what happens, apart from its results.
struct LogOptions: ParsableArguments {
    @Option(help: "Tell what happens as lines of text, or as one JSON object a line, on standard error.")
    var logFormat = LogFormat.text

    @Option(help: "The least that is told: trace, debug, info, notice, warning, error or critical.")
    var logLevel = Logger.Level.info
}

/// A command that runs for long enough to be watched by others.
protocol LoggingCommand: ParsableCommand {
    var logging: LogOptions { get }
}

/// Takes all that a command has to say, apart from its results.
let logger = Logger(label: "heed")

/// Says what heed does, as the logger takes it.
func say(_ line: String, _ level: Logger.Level = .info, _ metadata: Logger.Metadata = [:]) {
    logger.log(level: level, "\(line)", metadata: metadata)
}
