import Captions
import Media
import Testing
import Units

@testable import Pipelines

/// The stage's decisions about what to decode, without decoding anything.
@Suite(.serialized, .enabled(if: SpeechStreamFixture.isPossible, SpeechStreamFixture.missing))
struct SpeechStageTests {
    private static let deadline = Duration.milliseconds(500)
    private let origin = MonotonicTime(nanoseconds: 1_000_000_000_000)
    private let recognizers: SpeechRecognizers
    private let progress = SpeechPace()
    private let stage: SpeechStage

    init() throws {
        recognizers = try SpeechStreamFixture().recognizers
        stage = SpeechStage(
            recognizers: recognizers, progress: progress, deadline: StreamDeadline(Self.deadline), isPaced: true)
    }

    /// Sound from `start` to `end`, in seconds, all of it voiced.
    private func sound(_ start: Int, _ end: Int) -> Utterance {
        Utterance(
            start: .seconds(start), samples: [Float](repeating: 0, count: (end - start) * AudioBlock.rate),
            voiced: [.seconds(start)..<(.seconds(end))])
    }

    private func sample(_ kind: SpeechTask.Kind, utterance: Int = 0, heard: Int) -> Sample<SpeechTask> {
        let captured = origin + .seconds(heard)
        return Sample(
            sequence: 0, captured: captured, timeQuality: .scheduled, deadline: captured + Self.deadline,
            payload: SpeechTask(kind: kind, utterance: utterance, heard: .seconds(heard)))
    }

    /// The plan for a sample that has waited for so long.
    private func plan(_ sample: Sample<SpeechTask>, waited: Duration = .zero) -> SamplePlan {
        stage.plan(sample, at: sample.captured + waited)
    }

    private func choice(_ plan: SamplePlan) throws -> SamplePlan.Choice {
        guard case .choose(let choice) = plan else {
            Issue.record("nothing is chosen")
            throw CancellationError()
        }
        return choice
    }

    @Test func `Partial and final captions are tasks of their own, sized by their sound`() throws {
        let partial = try choice(plan(sample(.partial(sound(0, 2)), heard: 2)))
        #expect(partial.candidates == 0..<2)
        #expect(partial.size == 0.4)
        #expect(!partial.mustAnswer)
        let final = try choice(plan(sample(.final(sound(0, 10)), heard: 10)))
        #expect(final.candidates == 2..<4)
        #expect(final.size == 2)
        #expect(final.mustAnswer)
    }

    @Test func `A recogniser is held until words are committed`() throws {
        let first = sample(.partial(sound(0, 2)), heard: 2)
        _ = plan(first)
        // Silence: nothing is heard, and nothing is committed.
        _ = try stage.infer(with: 1, within: nil)
        var result = SpeechStage.result(of: first, outcome: .met, reason: "")
        stage.answer(
            of: 1, after: Inference(time: .zero), predicted: .milliseconds(50), into: &result)
        #expect(result.speech?.committed.isEmpty == true)
        #expect(try choice(plan(sample(.partial(sound(0, 3)), heard: 3))).candidates == 1..<2)
        // The next utterance is free to choose.
        #expect(try choice(plan(sample(.partial(sound(5, 6)), utterance: 1, heard: 6))).candidates == 0..<2)
    }

    @Test func `What earlier inputs were late shrinks the next deadline, what they left over goes to the final`() throws
    {
        let slow = sample(.partial(sound(0, 1)), heard: 1)
        #expect(try choice(plan(slow)).deadline == Self.deadline)
        stage.wasEmitted(SpeechStage.result(of: slow, outcome: .late, reason: ""), latency: .milliseconds(700))
        let quick = sample(.partial(sound(0, 2)), heard: 2)
        #expect(try choice(plan(quick)).deadline == .milliseconds(300))
        stage.wasEmitted(SpeechStage.result(of: quick, outcome: .met, reason: ""), latency: .milliseconds(20))
        let third = sample(.partial(sound(0, 3)), heard: 3)
        #expect(try choice(plan(third)).deadline == Self.deadline)
        stage.wasEmitted(SpeechStage.result(of: third, outcome: .met, reason: ""), latency: .milliseconds(100))
        #expect(try choice(plan(sample(.final(sound(0, 4)), heard: 4))).deadline == Self.deadline * 2)
    }

    @Test func `Behind schedule it plans with half the time, then asks for less, and says so`() throws {
        #expect(try choice(plan(sample(.partial(sound(0, 1)), heard: 1))).reserve == 0)
        #expect(try choice(plan(sample(.partial(sound(0, 2)), heard: 2), waited: .milliseconds(600))).reserve == 0.5)
        #expect(!progress.state.isStretched)
        _ = plan(sample(.partial(sound(0, 3)), heard: 3), waited: .milliseconds(1200))
        #expect(progress.state.isStretched && !progress.state.isFinalOnly)
        _ = plan(sample(.final(sound(0, 4)), heard: 4), waited: .seconds(3))
        #expect(progress.state.isFinalOnly)
    }

    @Test func `Sound there is no time for is a gap of its length, never silence`() throws {
        let plan = plan(sample(.final(sound(3, 8)), heard: 8), waited: .seconds(9))
        guard case .settled(let result) = plan else {
            Issue.record("it is decoded all the same")
            return
        }
        #expect(result.outcome == .expired)
        #expect(result.speech?.gap == Gap(start: .seconds(3), length: .seconds(5)))
        #expect(result.reason.contains("behind"))
    }

    @Test func `A final text is never given up for a newer sample, and if the queue must, that is a gap`() {
        let final = sample(.final(sound(3, 8)), heard: 8)
        let result = SpeechStage.result(of: final, outcome: .superseded, reason: "")
        #expect(result.speech?.gap?.length == .seconds(5))
        let partial = SpeechStage.result(
            of: sample(.partial(sound(3, 8)), heard: 8), outcome: .superseded, reason: "")
        #expect(partial.speech?.gap == nil)
    }
}
