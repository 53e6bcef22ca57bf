import Alert
import ArgumentParser
import Machine
import Media
import Pipelines
import Recognition
import Recordings
import Units

/// Times everything but inference that heed does for one frame: the product's own road, choice and reason included,
/// from the frame in memory to its line in the results file.
struct FrameCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "frame", abstract: "Time everything but inference for one frame, block by block.")

    @Argument(help: "The recognizer's name.")
    var recognizer: String

    @Argument(help: "A recording; each repetition is one frame, up to all it has.")
    var recording: String

    @Argument(help: "Where to write results.")
    var results: String

    func run() throws {
        var configuration = PipelineConfiguration()
        configuration.recording.path = recording
        configuration.recording.pace = .fast
        configuration.recognizers = [recognizer]
        let recognizers = try FrameRecognizers(
            configuration: configuration, settings: SettingChoices([Setting(threads: 1)]), runtime: .load())
        let profile = recognizers.candidates.map {
            CandidateProfile(
                candidate: $0, time: TimeStatistics(samples: [.milliseconds(10)]), power: Watts(10), accuracy: 0.9)
        }
        let goal = try Goal(deadline: .milliseconds(100), objective: .minimizeError(energy: nil))
        var conversion = try Conversion(of: recording, for: recognizer)

        try Blocks.serve { repetitions in
            let stopwatch = Stopwatch(stopAfter: repetitions) { result in
                let latency = MonotonicTime.now().nanoseconds - result.capturedNanoseconds
                return result.inferenceMilliseconds.map { latency - Int64($0 * 1e6) }
            }
            let runner = try PipelineRunner(
                configuration: configuration,
                frames: FrameStream(
                    source: .recording(try .open(recording)), recognizers: recognizers,
                    policy: try AlertPolicy(candidates: profile, idlePower: Watts(3), goal: goal)),
                speech: nil, idlePower: Watts(3), meter: EstimatedEnergyMeter(model: configuration.power),
                sinks: [try JSONLinesSink(path: results), stopwatch])
            if let failure = runner.run().failure, !(failure is Stopwatch.Stop) { throw failure }
            return ["all": stopwatch.times, "conversion": try (0..<repetitions).map { _ in try conversion.time() }]
        }
    }
}

/// The first half of the work by itself: a recording's first frame to a recognizer's tensor.
private struct Conversion {
    private let frame: Frame
    private let shape: ClassifierManifest.Input
    private let converter = FrameConverter()
    private var tensor: [UInt8]

    init(of recording: String, for recognizer: String) throws {
        let bundle = try ModelBundle(directory: DataFolder.models + "/" + recognizer)
        guard case .frame(let recorded)? = try Recording.open(recording).next(),
            let classifier = bundle.manifest.classifier
        else { throw ValidationError("\(recording) has no frame, or \(recognizer) is no image classifier") }
        frame = recorded.frame
        shape = classifier.input
        tensor = [UInt8](repeating: 0, count: shape.width * shape.height * 3)
    }

    /// Nanoseconds of one conversion.
    mutating func time() throws -> Int64 {
        let start = MonotonicTime.now()
        try tensor.withUnsafeMutableBytes {
            try converter.convert(
                frame, crop: CenterCrop(margin: shape.crop.margin), width: shape.width, height: shape.height, into: $0)
        }
        return (MonotonicTime.now() - start).nanoseconds
    }
}
