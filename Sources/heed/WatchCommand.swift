import ArgumentParser
import Pipelines

/// `heed watch`: recognises what a camera sees.
struct WatchCommand: LoggingCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Recognise what a camera sees, each frame in time.",
        discussion: """
            Shows frames a second, what became of them, the latency from the sensor to the screen, and which \
            recogniser answers and why. A camera that is unplugged is taken up again when it is back. Ctrl-C ends the \
            run (exit status 0) and prints its summary; a second one ends it at once. With --policy bandit, + and - on \
            the keyboard say what the newest answer was worth. `heed devices` lists cameras.

            Examples:
              heed watch
              heed watch --camera /dev/v4l/by-id/usb-046d_C920-video-index0 --size 1280x720 --rate 30 --format mjpeg
              heed watch --deadline 50ms --results watch.jsonl --summary watch.json
              heed watch --pipeline pipelines/camera.yaml
            """)

    @Option(help: "A pipeline file; options on the command line come before what it says.")
    var pipeline: String?

    @OptionGroup(title: "Camera")
    var camera: CameraOptions

    @OptionGroup
    var options: LiveOptions

    var logging: LogOptions { options.options.logging }

    func run() throws {
        var configuration = try pipelineConfiguration(pipeline)
        configuration.recording.path = nil
        configuration.microphone = nil
        camera.apply(to: &configuration)
        try options.run(configuration, pipeline: pipeline)
    }
}
