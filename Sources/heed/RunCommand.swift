import ArgumentParser
import Pipelines

/// `heed run`: runs what a pipeline file describes.
struct RunCommand: LoggingCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a pipeline file: a camera, a microphone, both on one timeline, or a recording.",
        discussion: """
            The file names its source: `camera:`, `microphone:`, both, or `recording:` with a path. pipelines/ holds \
            ready-made ones. Ctrl-C ends the run and prints its summary; the exit status is \
            then 0, but 130 where a recording was left before its end.

            Examples:
              heed run pipelines/camera-and-microphone.yaml
              heed run pipelines/camera.yaml --deadline 50ms --duration 1min
            """)

    @Argument(help: "A pipeline file (YAML).")
    var pipeline: String

    @OptionGroup(title: "Speech")
    var speech: SpeechOptions

    @OptionGroup
    var options: LiveOptions

    var logging: LogOptions { options.options.logging }

    func run() throws {
        var configuration = try pipelineConfiguration(pipeline)
        speech.apply(to: &configuration)
        try options.run(configuration, pipeline: pipeline)
    }
}
