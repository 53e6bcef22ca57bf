import ArgumentParser
import Pipelines

/// `heed check`: validates pipeline files.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check pipeline files.",
        discussion: "Each problem is one line: file, line, key, what was expected, and the nearest correct key.")

    @Argument(help: "Pipeline files (YAML).")
    var files: [String]

    func run() throws {
        var isValid = true
        for file in files {
            do {
                _ = try PipelineConfiguration(file: file)
                try answer("\(file): valid")
            } catch {
                say(error.message)
                isValid = false
            }
        }
        if !isValid { throw ExitCode.failure }
    }
}
