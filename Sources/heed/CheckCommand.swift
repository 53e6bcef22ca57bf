import ArgumentParser
import Logging
import Machine
import Pipelines
import Recognition

/// `heed check`: validates pipeline files.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check pipeline files.",
        discussion: """
            Each problem is one line: file, line, key, what was expected, and the nearest correct key. Then the \
            machine: a processor, precision or energy meter that a file asks for and that is not here is an error \
            where a run would stop, else a warning.
            """)

    @Argument(help: "Pipeline files (YAML).")
    var files: [String]

    func run() throws {
        var isValid = true
        for file in files {
            let configuration: PipelineConfiguration
            do { configuration = try PipelineConfiguration(file: file) } catch {
                say(error.message, .error)
                isValid = false
                continue
            }
            do {
                for warning in try absences(configuration) { say("\(file): \(warning)", .warning) }
            } catch {
                say("\(file): \(error)", .error)
                isValid = false
                continue
            }
            try answer("\(file): valid")
        }
        if !isValid { throw ExitCode.failure }
    }

    /// What a run of this pipeline would do without here, a line each.
    ///
    /// - Throws: What would keep it from running.
    private func absences(_ configuration: PipelineConfiguration) throws -> [String] {
        _ = try EnergyMeters.discover().meter(configuration.meter, model: configuration.power)
        let wanted = configuration.settings
        let cores = try MachineDescription.current().logicalCores
        let advice = [wanted.threadsAdvice(cores: cores)].compactMap(\.self)
        let isUsual = wanted.processors == [.cpu] && wanted.precisions == nil
        // The machine's own cores are always there, and a file can be checked before the engine is installed.
        guard !isUsual else { return advice }
        let processors = try OnnxRuntime.load().processors(wanted.processors ?? Processor.allCases)
        return try SettingChoices(wanted, of: processors, cores: cores).leftOut + advice
    }
}
