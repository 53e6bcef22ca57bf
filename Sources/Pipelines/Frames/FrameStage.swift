import Media
import Recognition
import Units

/// Recognises frames: each by itself, whichever candidate is chosen.
final class FrameStage: RecognitionStage {
    private let recognizers: FrameRecognizers
    let interval: Duration
    let hasUniformSamples = true

    init(recognizers: FrameRecognizers, interval: Duration) {
        self.recognizers = recognizers
        self.interval = interval
    }

    static func result(of sample: Sample<SensedFrame>, outcome: Outcome, reason: String) -> SampleResult {
        var result = SampleResult(.frames, sample, outcome: outcome, reason: reason)
        result.file = sample.payload.name
        result.truth = sample.payload.label
        return result
    }

    /// The result of frames that never came, the first of which has number `sequence`.
    static func missing(
        sequence: Int, count: Int, captured: MonotonicTime, deadline: Duration, outcome: Outcome, reason: String
    ) -> SampleResult {
        let sample = Sample(
            sequence: sequence, captured: captured, timeQuality: .repaired, deadline: captured + deadline,
            payload: SensedFrame())
        var result = result(of: sample, outcome: outcome, reason: reason)
        if count > 1 { result.count = count }
        return result
    }

    func plan(_ sample: Sample<SensedFrame>, at _: MonotonicTime) -> SamplePlan {
        guard let damage = sample.payload.damage else { return .choose(.init()) }
        return .settled(Self.result(of: sample, outcome: .failed, reason: damage))
    }

    func load(_ sample: Sample<SensedFrame>, for candidate: Int) throws {
        guard let frame = sample.payload.frame else { return }
        try recognizers.load(frame, for: candidate)
    }

    func infer(with candidate: Int) throws -> Inference { Inference(time: try recognizers.infer(with: candidate)) }

    func answer(of candidate: Int, predicted _: Duration, into result: inout SampleResult) {
        result.top = recognizers.top(5, of: candidate)
        result.label = result.top?.first?.label
        result.score = result.top?.first?.score
    }

    func giveUp(_: Sample<SensedFrame>, into _: inout SampleResult) {}

    func wasEmitted(_: SampleResult, latency _: Duration?) {}
}
