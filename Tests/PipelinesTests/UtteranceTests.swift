import Captions
import Pipelines
import Recognition
import Testing

struct UtteranceTests {
    /// Ten seconds from 100 s on, voiced from 1 s to 3 s and from 6 s to 8 s.
    private let utterance = Utterance(
        start: .seconds(100), samples: [Float](repeating: 0, count: 160_000),
        voiced: [.seconds(101)..<(.seconds(103)), .seconds(106)..<(.seconds(108))])

    private func transcription(
        _ segments: [(text: String, start: Double?, end: Double?)], approximate: Bool
    ) -> Transcription {
        Transcription(
            text: segments.map(\.text).joined(separator: " "),
            segments: segments.map { segment in
                .init(
                    text: segment.text, start: segment.start.map { .seconds($0) },
                    end: segment.end.map { .seconds($0) },
                    tokens: [])
            }, timesAreApproximate: approximate, tokens: [], tokenCount: 0, isCut: false, averageLogProbability: 0,
            noSpeechProbability: nil, compressionRatio: 1, temperature: 0,
            timings: .init(encoder: .zero, decoder: .zero))
    }

    @Test func wordsWithoutTimesLieWhereSomebodySpeaks() {
        let words = utterance.words(of: transcription([("abc def ghi jkl", 0, 10)], approximate: true))
        #expect(words.map(\.text) == ["abc", "def", "ghi", "jkl"])
        #expect(words.map(\.start) == [.seconds(101), .seconds(102), .seconds(106), .seconds(107)])
        #expect(words.map(\.end) == [.seconds(102), .seconds(103), .seconds(107), .seconds(108)])
        #expect(words.allSatisfy { $0.isApproximate })
    }

    @Test func aTimedSegmentKeepsItsWordsInside() {
        let words = utterance.words(of: transcription([("one", 1, 3), ("two three", 6, 7.5)], approximate: false))
        #expect(words.map(\.text) == ["one", "two", "three"])
        #expect(words[0] == Word("one", start: .seconds(101), end: .seconds(103)))
        #expect(words[1].start == .seconds(106) && words[2].end == .milliseconds(107_500))
        #expect(words.map(\.isApproximate) == [false, true, true])
    }

    @Test func aSegmentThatNothingVoicedLiesInIsFilledEvenly() {
        let words = utterance.words(of: transcription([("a b", 4, 5)], approximate: false))
        #expect(words.map(\.start) == [.seconds(104), .milliseconds(104_500)])
    }

    @Test func timesOutsideTheSoundAreBroughtInside() {
        let words = utterance.words(of: transcription([("late", 9, 30), ("later still", 31, 32)], approximate: false))
        #expect(words.allSatisfy { $0.start >= utterance.start && $0.end <= utterance.end && $0.start <= $0.end })
    }
}
