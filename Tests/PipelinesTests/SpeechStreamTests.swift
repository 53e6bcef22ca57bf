import Alert
import Captions
import Foundation
import Media
import Testing
import Units

@testable import Pipelines

@Suite(.serialized, .enabled(if: SpeechStreamFixture.isPossible, SpeechStreamFixture.missing))
struct SpeechStreamTests {
    private func words(_ results: [SampleResult]) -> [Word] { results.flatMap { $0.speech?.committed ?? [] } }

    /// The recogniser of a result's candidate.
    private func recognizer(_ result: SampleResult) -> String? {
        result.candidate.map { String($0.prefix { $0 != "@" }) }
    }

    @Test func `Recognisers that change in mid-utterance lose no word and double none`() throws {
        let path = try SpeechStreamFixture.speech(SpeechStreamFixture.story, name: "story")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let fixture = try SpeechStreamFixture()
        let (results, _) = try fixture.replay(path, policy: try RestlessPolicy(fixture.candidates))

        var switches = 0
        for (before, after) in zip(results, results.dropFirst()) {
            guard before.speech?.utterance == after.speech?.utterance, recognizer(before) != recognizer(after) else {
                continue
            }
            switches += 1
            // Only where words were committed, or the whole utterance is settled.
            #expect(before.speech?.committed.isEmpty == false || after.speech?.kind == .final)
        }
        #expect(switches >= 10)

        let said = WordNormalization.words(SpeechStreamFixture.story)
        let heard = WordNormalization.words(words(results).text)
        let errors = WordErrorRate(reference: said, transcript: heard)
        #expect(errors.deletions == 0 && errors.insertions == 0, "\(heard.joined(separator: " "))")
        let doubled = zip(heard, heard.dropFirst()).filter { $0 == $1 }
        #expect(doubled.isEmpty)
    }

    @Test func `What is committed makes up the final text, in order of time`() throws {
        let path = try SpeechStreamFixture.speech(
            SpeechStreamFixture.story, "He never came back to that village.", "That was all.", name: "story")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let reference = SpeechStreamFixture.story + " He never came back to that village. That was all."
        let fixture = try SpeechStreamFixture(["moonshine-tiny"])
        let (results, summary) = try fixture.replay(
            path, policy: try RestlessPolicy(fixture.candidates), reference: reference)

        let utterances = Dictionary(grouping: results) { $0.speech?.utterance }
        #expect(utterances.count >= 3)
        for (_, steps) in utterances {
            #expect(steps.last?.speech?.kind == .final)
            #expect(steps.dropLast().allSatisfy { $0.speech?.kind == .partial })
            #expect(steps.last?.speech?.text == words(steps).text)
        }
        let starts = words(results).map(\.start)
        #expect(starts == starts.sorted())
        let speech = try #require(summary.streams.first?.summary.speech)
        #expect(speech.wordErrors?.words == WordNormalization.words(reference).count)
        #expect((speech.wordErrors?.value ?? 1) < 0.1)
        #expect(speech.seconds > 15 && speech.realTimeFactor > 0)
        #expect(summary.samples == results.count)
        #expect(summary.outcomes[.met] + summary.outcomes[.late] == results.count)
    }

    @Test func `Recognisers that are not kept are gone from their task only`() throws {
        let recognizers = try SpeechStreamFixture().recognizers
        let names = recognizers.candidates.map(\.name)
        #expect(names.count == 4)
        recognizers.keep([1, 2, 3])
        #expect(recognizers.candidates.map(\.name) == Array(names[1...]))
        #expect(recognizers.candidates(for: .partial) == 0..<1)
        #expect(recognizers.candidates(for: .final) == 1..<3)
        #expect(recognizers.candidates(for: .final, as: 2) == 2..<3)
    }

    @Test func `Silence asks for nothing`() throws {
        let path = try SpeechStreamFixture.speech("one", name: "silence", filter: "volume=0")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let fixture = try SpeechStreamFixture(["moonshine-tiny"])
        let (results, summary) = try fixture.replay(path, policy: try RestlessPolicy(fixture.candidates))
        #expect(results.isEmpty)
        #expect(summary.samples == 0)
    }
}
