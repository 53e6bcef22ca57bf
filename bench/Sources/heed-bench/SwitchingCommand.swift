import Alert
import ArgumentParser
import Machine
import Media
import Pipelines
import Recognition
import Recordings
import Units

/// Times frames in real time through heed's own road, with one recogniser and with switches between two.
struct SwitchingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switching", abstract: "Time frames with and without switches of the recogniser, block by block.",
        discussion: """
            Each line is a mode and a number of frames. first, second: one recogniser alone. pair: the two in turn. \
            background: the first until the second, which is loaded meanwhile, is ready, from then on the second.
            """)

    @Argument(help: "The first recogniser's name.")
    var first: String

    @Argument(help: "The second recogniser's name.")
    var second: String

    @Argument(help: "A recording.")
    var recording: String

    @Argument(help: "Where to write results.")
    var results: String

    @Option(help: "Frames a second.")
    var rate = 30.0

    /// What the recognised frames of a block took, in nanoseconds.
    private struct Block: Encodable {
        var recognizer: [String] = []
        var inference: [Int64] = []
        /// From the sensor to the result, without inference.
        var road: [Int64] = []
    }

    func run() throws {
        let runtime = try OnnxRuntime.load()
        let resident = try recognizers(runtime, inBackground: false)
        try Lines.serve { line in
            let words = line.split(separator: " ")
            guard words.count == 2, let mode = TurnPolicy.Mode(rawValue: String(words[0])), let frames = Int(words[1])
            else { throw ValidationError("\(line): expected a mode and a number of frames") }
            let recognizers = mode == .background ? try recognizers(runtime, inBackground: true) : resident
            return try time(frames, mode, recognizers)
        }
    }

    private var pipeline: PipelineConfiguration {
        var configuration = PipelineConfiguration()
        configuration.recording.path = recording
        configuration.recording.rate = rate
        configuration.recognizers = [first, second]
        return configuration
    }

    private var goal: Alert.Goal {
        get throws { try Goal(deadline: .milliseconds(100), objective: .minimizeError(energy: nil)) }
    }

    private func recognizers(_ runtime: OnnxRuntime, inBackground: Bool) throws -> FrameRecognizers {
        let recognizers = try FrameRecognizers(
            configuration: pipeline, settings: SettingChoices([Setting(threads: 1)]), runtime: runtime)
        let profile = Profile(
            machine: [:], models: [:], energySource: "", idlePower: Watts(3), candidates: profiles(recognizers))
        try recognizers.makeResident(profile: profile, goal: goal, budget: .max, inBackground: inBackground)
        return recognizers
    }

    /// As if the first were the more accurate, so that it is loaded first.
    private func profiles(_ recognizers: FrameRecognizers) -> [CandidateProfile] {
        recognizers.candidates.map {
            CandidateProfile(
                candidate: $0, time: TimeStatistics(samples: [.milliseconds(10)]), power: Watts(10),
                accuracy: $0.recognizer == first ? 0.9 : 0.8)
        }
    }

    private func time(_ frames: Int, _ mode: TurnPolicy.Mode, _ recognizers: FrameRecognizers) throws -> Block {
        var block = Block()
        let stopwatch = Stopwatch(stopAfter: frames) { result in
            let latency = MonotonicTime.now().nanoseconds - result.capturedNanoseconds
            guard let inference = result.inferenceMilliseconds.map({ Int64($0 * 1e6) }), let name = result.candidate
            else { return nil }
            block.recognizer.append(name)
            block.inference.append(inference)
            block.road.append(latency - inference)
            return latency
        }
        let chooser = try AlertPolicy(candidates: profiles(recognizers), idlePower: Watts(3), goal: goal)
        let runner = try PipelineRunner(
            configuration: pipeline,
            frames: FrameStream(
                source: .recording(try .open(recording, rate: rate)), recognizers: recognizers,
                policy: TurnPolicy(mode: mode, chooser: chooser)),
            speech: nil, idlePower: Watts(3), meter: EstimatedEnergyMeter(),
            sinks: [
                try JSONLinesSink(path: results), stopwatch,
            ])
        if let failure = runner.run().failure, !(failure is Stopwatch.Stop) { throw failure }
        return block
    }
}

/// Takes the one of two candidates whose turn it is; all else is ALERT's.
private struct TurnPolicy: Policy {
    enum Mode: String { case first, second, pair, background }

    let mode: Mode
    var chooser: AlertPolicy
    private var turn = 0

    init(mode: Mode, chooser: AlertPolicy) {
        self.mode = mode
        self.chooser = chooser
    }

    var name: String { chooser.name }
    var candidates: [CandidateProfile] { chooser.candidates }
    var goal: Alert.Goal {
        get { chooser.goal }
        set { chooser.goal = newValue }
    }
    var slowdown: SlowdownEstimate { chooser.slowdown }

    mutating func decide(_ request: DecisionRequest) -> Decision? {
        turn += 1
        let ready = request.candidates ?? CandidateSet(candidates.indices)
        let wanted =
            switch mode {
            case .first: 0
            case .second: 1
            case .pair: turn % 2
            case .background: ready.contains(1) ? 1 : 0
            }
        var request = request
        request.candidates = ready.intersection(CandidateSet([wanted]))
        return chooser.decide(request)
    }

    mutating func observe(_ observation: Observation) { chooser.observe(observation) }

    func timeNeeded(confidence: Double, among candidates: CandidateSet?) -> Duration {
        chooser.timeNeeded(confidence: confidence, among: candidates)
    }
}
