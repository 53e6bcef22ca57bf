import Captions
import Recognition
import Testing

@testable import Pipelines

struct UtteranceTests {
    /// Ten seconds from 100 s on, voiced from 1 s to 3 s and from 6 s to 8 s.
    private let utterance = Utterance(
        start: .seconds(100), samples: [Float](repeating: 0, count: 160_000),
        voiced: [.seconds(101)..<(.seconds(103)), .seconds(106)..<(.seconds(108))])

    static func transcription(
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
        let words = utterance.words(of: Self.transcription([("abc def ghi jkl", 0, 10)], approximate: true))
        #expect(words.map(\.text) == ["abc", "def", "ghi", "jkl"])
        #expect(words.map(\.start) == [.seconds(101), .seconds(102), .seconds(106), .seconds(107)])
        #expect(words.map(\.end) == [.seconds(102), .seconds(103), .seconds(107), .seconds(108)])
        #expect(words.allSatisfy { $0.isApproximate })
    }

    @Test func aTimedSegmentKeepsItsWordsInside() {
        let words = utterance.words(of: Self.transcription([("one", 1, 3), ("two three", 6, 7.5)], approximate: false))
        #expect(words.map(\.text) == ["one", "two", "three"])
        #expect(words[0] == Word("one", start: .seconds(101), end: .seconds(103)))
        #expect(words[1].start == .seconds(106) && words[2].end == .milliseconds(107_500))
        #expect(words.map(\.isApproximate) == [false, true, true])
    }

    @Test func aSegmentThatNothingVoicedLiesInIsFilledEvenly() {
        let words = utterance.words(of: Self.transcription([("a b", 4, 5)], approximate: false))
        #expect(words.map(\.start) == [.seconds(104), .milliseconds(104_500)])
    }

    @Test func timesOutsideTheSoundAreBroughtInside() {
        let words = utterance.words(
            of: Self.transcription([("late", 9, 30), ("later still", 31, 32)], approximate: false))
        #expect(words.allSatisfy { $0.start >= utterance.start && $0.end <= utterance.end && $0.start <= $0.end })
    }
}

struct UtterancePartsTests {
    /// Ten seconds from 100 s on with pauses of 0.5 s, 2 s and 0.2 s.
    private let utterance = Utterance(
        start: .seconds(100), samples: (0..<160_000).map { Float($0) / 160_000 },
        voiced: [
            .milliseconds(100_300)..<(.milliseconds(100_500)), .milliseconds(101_000)..<(.seconds(104)),
            .seconds(106)..<(.seconds(108)), .milliseconds(108_200)..<(.milliseconds(109_900)),
        ])

    @Test func aPartHasItsOwnSoundAndSpeech() {
        let part = utterance.part(.seconds(103)..<(.seconds(107)))
        #expect(part.start == .seconds(103) && part.end == .seconds(107))
        #expect(part.samples.first == 0.3)
        #expect(part.voiced == [.seconds(103)..<(.seconds(104)), .seconds(106)..<(.seconds(107))])
        #expect(part.voicedLength == .seconds(2))
    }

    @Test func anUtteranceIsCutInItsLongestPause() throws {
        let (first, second) = try #require(utterance.halves())
        #expect(first.end == .seconds(105) && second.start == .seconds(105))
        #expect(first.samples + second.samples == utterance.samples)
        #expect(first.voiced + second.voiced == utterance.voiced)
    }

    @Test func withoutAPauseFarFromTheEndsNothingIsCut() {
        #expect(utterance.part(.seconds(100)..<(.seconds(103))).halves() == nil)
        #expect(utterance.part(.seconds(101)..<(.seconds(104))).halves() == nil)
    }

    @Test func whatATimedRecognizerDidNotGetToIsLeft() throws {
        let early = UtteranceTests.transcription([("one two", 1, 5)], approximate: false)
        let rest = try #require(utterance.rest(after: early))
        #expect(rest.start == .seconds(105) && rest.end == utterance.end)
    }

    @Test func nothingIsLeftAfterAllSpeechOrWithoutTimesOrProgress() {
        let complete = UtteranceTests.transcription([("one two", 1, 9.2)], approximate: false)
        #expect(utterance.rest(after: complete) == nil)
        let untimed = UtteranceTests.transcription([("one two", 1, 5)], approximate: true)
        #expect(utterance.rest(after: untimed) == nil)
        let stuck = UtteranceTests.transcription([("one", 0, 0.02)], approximate: false)
        #expect(utterance.rest(after: stuck) == nil)
        #expect(utterance.rest(after: UtteranceTests.transcription([], approximate: false)) == nil)
    }
}
