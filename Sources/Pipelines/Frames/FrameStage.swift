import Alert
import Media
import Recognition
import Units

/// Recognises frames: each by itself, whichever candidate is chosen.
final class FrameStage: RecognitionStage {
    private let recognizers: FrameRecognizers
    private let viewer: (any FrameViewer)?
    let interval: Duration
    let hasUniformSamples = true

    /// Makes a stage; the `viewer` is shown each frame.
    init(recognizers: FrameRecognizers, interval: Duration, viewer: (any FrameViewer)? = nil) {
        self.recognizers = recognizers
        self.viewer = viewer
        self.interval = interval
    }

    static func result(of sample: Sample<SensedFrame>, outcome: Outcome, reason: String) -> SampleResult {
        var result = SampleResult(.frames, sample, outcome: outcome, reason: reason)
        result.file = sample.payload.name
        result.truth = sample.payload.label
        return result
    }

    /// The results of frames that are not there: after frame `number`, the next one being `due` where nothing says
    /// more.
    static func results(
        of missing: MissingFrames, after number: Int, due: MonotonicTime, deadline: Duration
    ) -> [SampleResult] {
        func result(
            _ first: Int, _ count: Int, _ outcome: Outcome, at captured: MonotonicTime, _ reason: String
        ) -> SampleResult {
            let sample = Sample(
                sequence: first, captured: captured, timeQuality: .repaired, deadline: captured + deadline,
                payload: SensedFrame())
            var result = Self.result(of: sample, outcome: outcome, reason: reason)
            if count > 1 { result.count = count }
            return result
        }
        switch missing {
        case .lost(let first, let count, _): return [result(first, count, .lost, at: due, "\(missing)")]
        case .damaged(let number, let captured, _):
            return [result(number, 1, .failed, at: captured, "\(missing)")]
        case .superseded(let number, let captured):
            return [result(number, 1, .superseded, at: captured, "\(missing)")]
        case .outage(let first, let count, let from, let to):
            return [result(first, count, .lost, at: from, "the camera was away for \((to - from).words)")]
        case .uncounted(let superseded, let damaged, let lost):
            let counts = [(superseded, Outcome.superseded), (damaged, .failed), (lost, .lost)]
            return counts.filter { $0.0 > 0 }.map { result(number, $0.0, $0.1, at: due, "\(missing)") }
        }
    }

    var ready: CandidateSet { recognizers.models.ready }
    var losses: String? { recognizers.models.losses }
    var processorOrder: [String] { recognizers.processorOrder }

    func note(slowdown: Double) { recognizers.models.note(slowdown: slowdown) }

    func lose(_ candidate: Int, because reason: String) -> Bool {
        recognizers.models.lose(candidate, because: reason)
    }

    func plan(_ sample: Sample<SensedFrame>, at _: MonotonicTime) -> SamplePlan {
        guard let damage = sample.payload.damage else {
            if let frame = sample.payload.frame { viewer?.see(frame) }
            return .choose(.init())
        }
        return .settled(Self.result(of: sample, outcome: .failed, reason: damage))
    }

    func load(_ sample: Sample<SensedFrame>, for candidate: Int) throws {
        guard let frame = sample.payload.frame else { return }
        try recognizers.load(frame, for: candidate)
    }

    func infer(with candidate: Int, within limit: StageLimit?) throws -> Inference {
        try recognizers.infer(with: candidate, within: limit)
    }

    func answer(
        of _: Int, after inference: Inference, predicted _: Duration, into result: inout SampleResult
    ) {
        result.top = recognizers.top(5, ofStage: inference.stageTimes.count)
        result.label = result.top?.first?.label
        result.score = result.top?.first?.score
    }

    func giveUp(_: Sample<SensedFrame>, into _: inout SampleResult) {}

    func wasEmitted(_: SampleResult, latency _: Duration?) {}
}
