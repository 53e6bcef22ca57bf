import Alert
import Dispatch
import Foundation
import Machine
import Media
import Recordings
import Testing
import Units

@testable import Pipelines

/// Simulated runs of a real pipeline with a real recogniser.
@Suite(.serialized, .enabled(if: SpeechStreamFixture.isPossible, SpeechStreamFixture.missing))
struct SimulatedSpeechTests {
    /// Calls back once so many results have come.
    private final class Bell: ResultSink {
        private let ring: () -> Void
        private(set) var count = 0
        private let last: Int

        init(after last: Int, _ ring: @escaping () -> Void) { (self.last, self.ring) = (last, ring) }

        func receive(_: SampleResult) {
            count += 1
            if count == last { ring() }
        }
        func finish() {}
    }

    private func spoken() throws -> String { try SpeechStreamFixture.speech(SpeechStreamFixture.story, name: "story") }

    /// Takes 50 to 150 ms and draws 10 W.
    private func policy(_ fixture: SpeechStreamFixture) throws -> RestlessPolicy {
        try RestlessPolicy(
            fixture.candidates.map {
                var candidate = $0
                candidate.time = TimeStatistics(samples: (50...150).map { .milliseconds($0) })
                return candidate
            })
    }

    @Test func `Results and summary are those of the run before, unless the seed is another`() throws {
        let path = try spoken()
        defer { try? FileManager.default.removeItem(atPath: path) }
        func replay(seed: UInt64) throws -> (results: [SampleResult], summary: Summary) {
            let fixture = try SpeechStreamFixture(["moonshine-tiny"], pace: .simulated, seed: seed)
            return try fixture.replay(path, policy: try policy(fixture))
        }
        let (first, second, other) = (try replay(seed: 3), try replay(seed: 3), try replay(seed: 4))
        #expect(first.results == second.results)
        #expect(first.results.count > 20)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(try encoder.encode(first.summary) == encoder.encode(second.summary))
        #expect(first.results != other.results)

        let inference = first.results.reduce(0) { $0 + ($1.inferenceMilliseconds ?? 0) } * 1e-3
        let expected = 3 * first.summary.seconds + (10 - 3) * inference
        #expect(abs(first.summary.energy.total - expected) < 0.01)
    }

    @Test(arguments: [false, true]) func `A run that is stopped ends`(fromAnotherThread: Bool) throws {
        let path = try spoken()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let fixture = try SpeechStreamFixture(["moonshine-tiny"], pace: .simulated)
        var stop: PipelineRunner.StopHandle?
        let bell = Bell(after: 5) {
            let handle = stop
            if fromAnotherThread { DispatchQueue.global().async { handle?.stop() } } else { handle?.stop() }
        }
        let runner = try fixture.runner(path, policy: try policy(fixture), sinks: [bell])
        stop = runner.stopHandle
        let report = runner.run()
        #expect(report.failure == nil)
        #expect(report.summary.samples == bell.count && bell.count >= 5)
        if !fromAnotherThread { #expect(bell.count < 10) }
    }

    @Test func `Where no final text can be in time, words that were all heard before it stand`() throws {
        // Short enough not to be split in mid-speech.
        let path = try SpeechStreamFixture.speech(
            "A farmer had two fields and a small white house near the sea.",
            "Every morning he walked along the beach before the sun came up.", name: "stages")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let fixture = try SpeechStreamFixture(["moonshine-tiny"], pace: .simulated)
        func policy(finalMilliseconds: Int) throws -> AlertPolicy {
            let candidates = fixture.candidates.map { candidate in
                var candidate = candidate
                let isFinal = candidate.candidate.task == "final"
                candidate.time = TimeStatistics(samples: [.milliseconds(isFinal ? finalMilliseconds : 50)])
                candidate.growth = 0
                return candidate
            }
            let goal = try Goal(deadline: .milliseconds(500), objective: .minimizeError(energy: nil))
            return try AlertPolicy(candidates: candidates, idlePower: Watts(3), goal: goal)
        }
        func finals(_ results: [SampleResult]) -> [SampleResult] { results.filter { $0.speech?.kind == .final } }

        let slow = finals(try fixture.replay(path, policy: policy(finalMilliseconds: 2000)).results)
        let standing = slow.filter { $0.stage != nil }
        #expect(!standing.isEmpty)
        #expect(standing.allSatisfy { $0.stage == 1 && $0.stages == 2 && $0.outcome == .met })
        #expect(standing.allSatisfy { $0.candidate?.hasSuffix(":partial") == true })
        #expect(standing.allSatisfy { $0.speech?.text?.isEmpty == false })
        // Where there is time, all are decoded.
        let quick = finals(try fixture.replay(path, policy: policy(finalMilliseconds: 50)).results)
        #expect(quick.allSatisfy { $0.stage == nil && $0.candidate?.hasSuffix(":final") == true })
    }
}
