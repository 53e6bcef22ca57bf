import ArgumentParser
import Logging
import Machine
import Pipelines
import Recognition

/// Options of every command that chooses among recognisers.
struct CandidateOptions: ParsableArguments {
    @Option(
        name: .long,
        help: """
            Recognisers to choose from; repeat for several. FIRST+SECOND is a cascade of image recognisers: what the \
            first answered stands where the second has no time. Default: those installed, each by itself.
            """)
    var recognizer: [String] = []

    @Option(help: "auto: each recogniser with all that this machine has; --processors and others narrow it down.")
    var settings: SettingsArgument?

    @Option(
        help: """
            Processors to choose from, the preferred one first, such as openvino,cpu, or auto for all that are here: \
            \(Processor.names). Default: cpu.
            """,
        transform: processorsArgument)
    var processors: ListOrAuto<Processor>?

    @Option(
        help: """
            How precisely to compute, such as fp32,bf16: \(Precision.names). Default: auto, which is fp32, and bf16 \
            where a processor has it.
            """,
        transform: precisionArgument)
    var precision: ListOrAuto<Precision>?

    @Option(
        parsing: .unconditional,
        help: "Thread counts to choose from, such as 1,2. Default: auto, which is 1, 2, 4, up to the number of cores.",
        transform: threadsArgument)
    var threads: ListOrAuto<Int>?

    @Option(
        help: """
            A power setting to choose beside the machine as it stands, such as 'cpu: 50%'; repeat for several, or auto \
            for a few of each that `heed power` lists. Default: none.
            """,
        transform: powerArgument)
    var power: [ListOrAuto<PowerSetting>] = []

    @Option(
        name: .customLong("profile"), help: "The profile's file. Default: profiles/profile.json in heed's data folder.")
    var profilePath: String?

    func apply(to configuration: inout PipelineConfiguration) {
        if !recognizer.isEmpty { configuration.recognizers = recognizer }
        if settings == .auto { configuration.settings = .auto }
        if let processors { configuration.settings.processors = processors.list }
        if let precision { configuration.settings.precisions = precision.list }
        if !power.isEmpty {
            let isAuto = power.contains { $0.list == nil }
            configuration.settings.power = isAuto ? .auto : .these(power.flatMap { $0.list ?? [] })
        }
        if let threads { configuration.settings.threads = threads.list }
    }
}

/// What `--settings` can be: its parts have options of their own.
enum SettingsArgument: String, ExpressibleByArgument, CaseIterable {
    case auto
}

private func processorsArgument(_ text: String) throws -> ListOrAuto<Processor> {
    try listArgument(text, expected: "processors", near: Processor.allCases.map(\.rawValue)) { Processor(rawValue: $0) }
}

private func precisionArgument(_ text: String) throws -> ListOrAuto<Precision> {
    try listArgument(text, expected: "precisions", near: Precision.allCases.map(\.rawValue)) { Precision(rawValue: $0) }
}

private func threadsArgument(_ text: String) throws -> ListOrAuto<Int> {
    try listArgument(text, expected: "thread counts from 1 to 256", example: "1,2") {
        Int($0).flatMap { (1...256).contains($0) ? $0 : nil }
    }
}

private func powerArgument(_ text: String) throws -> ListOrAuto<PowerSetting> {
    if text == "auto" { return .auto }
    do throws(MachineError) { return .these([try PowerSetting(text)]) } catch { throw ValidationError(error.message) }
}

/// Reads `auto`, or a list with commas between, on the command line.
private func listArgument<Element>(
    _ text: String, expected: String, near names: [String] = [], example: String? = nil, parse: (String) -> Element?
) throws -> ListOrAuto<Element> {
    if text == "auto" { return .auto }
    let list = try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
        guard let element = parse(String(part)) else {
            let nearest = nearestWord(to: String(part), in: names + ["auto"]).map { "; did you mean `\($0)`?" } ?? ""
            let known = names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"
            let such = example ?? names.prefix(2).joined(separator: ",")
            throw ValidationError(
                "expected auto, or \(expected)\(known) with commas between, such as \(such); found `\(text)`\(nearest)")
        }
        return element
    }
    return .these(list)
}

extension Processor {
    fileprivate static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension Precision {
    fileprivate static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension SettingChoices {
    /// What a pipeline's settings come to on this machine; says what is left out.
    ///
    /// - Parameter power: Who holds the machine's power settings; nil where none are set.
    init(
        telling configuration: PipelineConfiguration, of runtime: OnnxRuntime, cores: Int, power: PowerSession? = nil
    ) throws {
        let wanted = configuration.settings
        // Trying a processor's library takes milliseconds to seconds: only those that are asked for are.
        try self.init(
            wanted, of: runtime.processors(wanted.processors ?? Processor.allCases), cores: cores,
            power: power?.names ?? [], refused: power?.refused ?? [])
        for line in leftOut + [wanted.threadsAdvice(cores: cores)].compactMap(\.self) { say(line, .warning) }
    }

    /// What was asked for and is left out, and what would bring it, a line each.
    var leftOut: [String] { absences.map { "\($0.name) is left out: \($0.reason). \($0.remedy)" } }
}

extension PipelineConfiguration.Settings {
    /// What to say of thread counts above the number of cores; nil where there is none.
    func threadsAdvice(cores: Int) -> String? {
        threads?.max().flatMap { heed.threadsAdvice($0, cores: cores) }
    }
}

/// What to say of so many threads on so many cores; nil where they are not too many.
func threadsAdvice(_ threads: Int, cores: Int) -> String? {
    guard threads > cores else { return nil }
    let there = counted(cores, "core", "cores")
    return "\(threads) threads: this process may use \(there); more threads than cores are no quicker"
}
