import ArgumentParser
import Pipelines

/// `heed replay`: plays a recording as a stream and recognises each sample on time.
struct ReplayCommand: LoggingCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Replay recorded frames and sound and recognise each sample on time.",
        discussion: """
            RECORDING is a video or a sound file that FFmpeg's libraries read, or a folder of pictures. Frames are \
            labelled, speech becomes captions: words that are committed never change, those that may are dimmed on a \
            terminal. True labels are taken from labels.tsv in the folder (file, class, name), or from \
            NAME.labels.tsv beside the video (start, end, class, name), the words that are said from NAME.words.txt.

            The goal is that of frames; captions have a deadline of their own, and the rest of their goal in a \
            pipeline file (speech.goal). Where there are no frames, the goal is that of captions.

            Examples:
              heed replay demo.mkv --deadline 50ms
              heed replay pictures/ --rate 30 --deadline 33ms --results results.jsonl --summary summary.json
              heed replay demo.mkv --minimize energy --accuracy 0.85
              heed replay --pipeline pipelines/frames.yaml demo.mkv
              heed replay demo.mkv --pace simulated --seed 7 --results results.jsonl
              heed replay talk.wav --captions talk.vtt --reference talk.txt
            """)

    @Argument(help: "A video or sound file, or a folder of pictures.")
    var recording: String?

    @Option(help: "A pipeline file; options on the command line come before what it says.")
    var pipeline: String?

    @Option(parsing: .unconditional, help: "Samples a second. Default: the video's own; 30 for pictures.")
    var rate: Double?

    @Option(
        help: """
            realtime: samples arrive on the wall clock. fast: as fast as the machine allows. simulated: on a virtual \
            clock that the profile's times move on; the same results each time.
            """)
    var pace: PipelineConfiguration.Pace?

    @Option(parsing: .unconditional, help: "With --pace simulated: what its random numbers begin with. Default: 1.")
    var seed: UInt64?

    @Option(help: "What to recognise of it: frames, speech; repeat for both. Default: all that recognisers are for.")
    var stream: [SampleResult.Stream] = []

    @Option(help: "A file of true labels.")
    var labels: String?

    @Option(help: "A file with the text that is said, for the word error rate. Default: NAME.words.txt beside it.")
    var reference: String?

    @OptionGroup(title: "Speech")
    var speech: SpeechOptions

    @OptionGroup
    var options: RunOptions

    var logging: LogOptions { options.logging }

    func run() throws {
        var configuration = try pipelineConfiguration(pipeline)
        configuration.camera = nil
        configuration.microphone = nil
        configuration.record = nil
        if let recording { configuration.recording.path = recording }
        guard configuration.recording.path != nil else {
            throw ValidationError(
                "which recording? Name a video, a sound file or a folder of pictures, or set recording.path in "
                    + "--pipeline")
        }
        if let rate {
            guard rate.isFinite, (0.001...1000).contains(rate) else {
                throw ValidationError("--rate \(rate): expected samples a second, from 0.001 to 1000")
            }
            configuration.recording.rate = rate
        }
        if let pace { configuration.recording.pace = pace }
        if let seed {
            guard configuration.recording.pace == .simulated else {
                throw ValidationError("--seed \(seed): goes with --pace simulated, where alone chance plays a part")
            }
            configuration.recording.seed = seed
        }
        if let labels { configuration.recording.labels = labels }
        if !stream.isEmpty { configuration.recording.streams = stream }
        if let reference { configuration.speech.reference = reference }
        speech.apply(to: &configuration)
        try options.apply(to: &configuration)
        try PipelineRun(configuration, options, pipeline: pipeline)()
    }
}
