import Alert
import Foundation
import Machine
import Recognition
import Recordings
import Testing
import Units

@testable import Pipelines

/// Speech through a real pipeline with the real recognisers.
struct SpeechStreamFixture {
    /// About half a minute of speech.
    static let story = """
        A farmer had two fields and a small white house near the sea. Every morning he walked along the beach before \
        the sun came up and looked for wood that the storm had left. One day he found a heavy box under the old \
        bridge. It was closed with a rusty lock and no one in the village had a key for it. The teacher thought that \
        it was full of books and the baker hoped that there was gold inside.
        """

    static let recognizers = ["moonshine-tiny", "whisper-tiny.en-int8"]
    static let isPossible =
        (recognizers + ["silero-vad"]).allSatisfy {
            FileManager.default.fileExists(atPath: "\(DataFolder.models)/\($0)/model.json")
        } && (try? speech("one two", name: "probe")) != nil
    static let missing: Comment =
        "SKIPPED: bundles for speech are not installed (`make test` does it), or ffmpeg has no flite to speak with"

    /// A file in which ffmpeg's synthesizer says texts, a second of silence between them.
    static func speech(_ texts: String..., name: String, filter: String = "anull") throws -> String {
        let sources = texts.enumerated().map { "flite=text='\($1)':voice=slt,apad=pad_dur=1[t\($0)]" }
        let joined = texts.indices.map { "[t\($0)]" }.joined() + "concat=n=\(texts.count):v=0:a=1,\(filter)"

        let path = NSTemporaryDirectory() + "heed-\(name)-\(UUID().uuidString).wav"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "ffmpeg", "-v", "error", "-nostdin", "-y", "-filter_complex", (sources + [joined]).joined(separator: ";"),
            "-ar", "16000", path,
        ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return path
    }

    let configuration: PipelineConfiguration
    let recognizers: SpeechRecognizers
    private let detector: VoiceActivityDetector

    init(_ names: [String] = recognizers, pace: PipelineConfiguration.Pace = .fast, seed: UInt64 = 1) throws {
        var configuration = PipelineConfiguration()
        configuration.recognizers = names
        configuration.recording.pace = pace
        configuration.recording.seed = seed
        self.configuration = configuration
        let runtime = try OnnxRuntime.load()
        let bundles = try SpeechBundles()
        recognizers = try SpeechRecognizers(
            configuration: configuration, bundles: bundles, settings: SettingChoices([Setting(threads: 2)]),
            runtime: runtime)
        detector = try bundles.detector(runtime: runtime)
    }

    /// The candidates with figures that nobody measured, for policies that do not look at them.
    var candidates: [CandidateProfile] {
        recognizers.candidates.map {
            CandidateProfile(
                candidate: $0,
                time: TimeStatistics(samples: [.milliseconds(100)]), growth: 0.5, power: Watts(10), accuracy: 0.9)
        }
    }

    /// What replays a file.
    func runner(
        _ path: String, policy: any Policy, reference: String? = nil, configuration: PipelineConfiguration? = nil,
        sinks: [any ResultSink]
    ) throws -> PipelineRunner {
        let stream = SpeechStream(
            source: .recording(try AudioRecording.open(path)), recognizers: recognizers, detector: detector,
            policy: policy)
        return try PipelineRunner(
            configuration: configuration ?? self.configuration, frames: nil, speech: stream, reference: reference,
            idlePower: Watts(3), meter: EstimatedEnergyMeter(), sinks: sinks)
    }

    /// Replays a file, and returns its results and their summary.
    func replay(
        _ path: String, policy: any Policy, reference: String? = nil
    ) throws -> (results: [SampleResult], summary: Summary) {
        let sink = Collector()
        let report = try runner(path, policy: policy, reference: reference, sinks: [sink]).run()
        if let failure = report.failure { throw failure }
        return (sink.results, report.summary)
    }
}

/// Keeps every result.
final class Collector: ResultSink {
    private(set) var results: [SampleResult] = []
    func receive(_ result: SampleResult) { results.append(result) }
    func finish() {}
}

/// Takes the next recogniser whenever it may choose among several.
struct RestlessPolicy: Policy {
    let name = "restless"
    let candidates: [CandidateProfile]
    var goal: Goal
    private var turn = 0

    init(_ candidates: [CandidateProfile]) throws {
        self.candidates = candidates
        goal = try Goal(deadline: .milliseconds(500), objective: .minimizeError(energy: nil))
    }

    var slowdown: SlowdownEstimate { SlowdownEstimate(mean: 1, standardDeviation: 0.1) }

    mutating func decide(_ request: DecisionRequest) -> Decision? {
        let allowed = Array(request.candidates ?? CandidateSet(candidates.indices))
        turn += 1
        return Decision(
            candidate: allowed[turn % allowed.count],
            prediction: Prediction(time: .milliseconds(100), probability: 1, accuracy: 0.9, energy: Joules(1)),
            rule: .fixed)
    }

    mutating func observe(_: Observation) {}
    func timeNeeded(confidence _: Double, among _: CandidateSet?) -> Duration { .milliseconds(100) }
}
