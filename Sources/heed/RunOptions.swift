import ArgumentParser
import Pipelines

/// What every command that recognises a stream can be told.
struct RunOptions: ParsableArguments {
    @OptionGroup(title: "Goal")
    var goal: GoalOptions

    @OptionGroup(title: "Candidates")
    var candidates: CandidateOptions

    @Option(
        help: """
            How sure of its answer, 0 to 1, a cascade's stage must be for none to follow. Default: all follow that \
            have the time.
            """)
    var enough: Double?

    @Flag(help: "Use a profile of another machine or other models as it is.")
    var acceptProfile = false

    @Option(help: "Write one JSON line a sample to this file.")
    var results: String?

    @Option(help: "Write the summary as JSON to this file.")
    var summary: String?

    @OptionGroup(title: "Page")
    var page: PageOptions

    @OptionGroup(title: "Log")
    var logging: LogOptions

    func validate() throws {
        if let enough, !(0...1).contains(enough) {
            throw ValidationError("--enough is \(enough), expected a number from 0 to 1")
        }
    }

    func apply(to configuration: inout PipelineConfiguration) throws {
        try goal.apply(to: &configuration)
        candidates.apply(to: &configuration)
        if let enough { configuration.enough = enough }
        try page.apply(to: &configuration)
        if let results { configuration.results = results }
        if let summary { configuration.summary = summary }
    }
}

/// What every command that makes captions can be told.
struct SpeechOptions: ParsableArguments {
    @Option(help: "The language that is spoken, by its two-letter code. Default: en.")
    var language: String?

    @Option(help: "Write captions to this file as they are committed: NAME.vtt, .srt or .txt; repeat for several.")
    var captions: [String] = []

    func apply(to configuration: inout PipelineConfiguration) {
        if let language { configuration.speech.language = language }
        if !captions.isEmpty { configuration.speech.captions = captions }
    }
}

/// Reads a pipeline file where one is named; every default where none is.
func pipelineConfiguration(_ file: String?) throws -> PipelineConfiguration {
    try file.map { try PipelineConfiguration(file: $0) } ?? PipelineConfiguration()
}
