import Media
import Recognition
import Recordings
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

    static func result(of sample: Sample<RecordedEvent>, outcome: Outcome, reason: String) -> SampleResult {
        var result = SampleResult(.frames, sample, outcome: outcome, reason: reason)
        result.file = sample.payload.name
        result.truth = sample.payload.label
        return result
    }

    func plan(_ sample: Sample<RecordedEvent>, at _: MonotonicTime) -> SamplePlan {
        switch sample.payload {
        case .frame: .choose(.init())
        case .damaged(_, _, _, _, let reason):
            .settled(Self.result(of: sample, outcome: .failed, reason: reason))
        }
    }

    func load(_ sample: Sample<RecordedEvent>, for candidate: Int) throws {
        guard case .frame(let recorded) = sample.payload else { return }
        try recognizers.load(recorded.frame, for: candidate)
    }

    func infer(with candidate: Int) throws -> Inference { Inference(time: try recognizers.infer(with: candidate)) }

    func answer(of candidate: Int, predicted _: Duration, into result: inout SampleResult) {
        result.top = recognizers.top(5, of: candidate)
        result.label = result.top?.first?.label
        result.score = result.top?.first?.score
    }

    func giveUp(_: Sample<RecordedEvent>, into _: inout SampleResult) {}

    func wasEmitted(_: SampleResult, latency _: Duration?) {}
}
