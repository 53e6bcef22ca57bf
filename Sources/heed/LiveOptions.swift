import ArgumentParser
import Pipelines

/// What every command that runs on devices can be told.
struct LiveOptions: ParsableArguments {
    @OptionGroup(title: "Recording")
    var record: RecordOption

    @OptionGroup
    var duration: DurationOption

    @OptionGroup
    var options: RunOptions

    /// Runs a pipeline with these options; `pipeline` is the file that was read.
    func run(_ configuration: PipelineConfiguration, pipeline: String?) throws {
        var configuration = configuration
        record.apply(to: &configuration)
        try options.apply(to: &configuration)
        try PipelineRun(configuration, options, pipeline: pipeline)(for: duration.duration)
    }
}
