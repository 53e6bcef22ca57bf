import ArgumentParser
import Pipelines

/// `heed listen`: captions of what a microphone hears.
struct ListenCommand: LoggingCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Write down what a microphone hears, as it is said.",
        discussion: """
            Words appear while somebody speaks: those that are committed never change, those that may are dimmed on a \
            terminal. Finished captions are lines of standard output. Sound that was not transcribed is a [gap]. A \
            microphone that is unplugged is taken up again when it is back. Ctrl-C ends the run: what was said until \
            then is still written down, and the summary is printed. `heed devices` lists microphones.

            Examples:
              heed listen
              heed listen --microphone hw:CARD=PCH,DEV=0 --captions talk.vtt
              heed listen --deadline 300ms --results listen.jsonl --summary listen.json
              heed listen --pipeline pipelines/microphone.yaml
            """)

    @Option(help: "A pipeline file; options on the command line come before what it says.")
    var pipeline: String?

    @OptionGroup(title: "Microphone")
    var microphone: MicrophoneOptions

    @OptionGroup(title: "Speech")
    var speech: SpeechOptions

    @OptionGroup
    var options: LiveOptions

    var logging: LogOptions { options.options.logging }

    func run() throws {
        var configuration = try pipelineConfiguration(pipeline)
        configuration.recording.path = nil
        configuration.camera = nil
        microphone.apply(to: &configuration)
        speech.apply(to: &configuration)
        try options.run(configuration, pipeline: pipeline)
    }
}
