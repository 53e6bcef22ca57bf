import Testing

@testable import Recognition

struct SpeechTextTests {
    private func segments(_ tokens: [Int], seconds: Int = 30) throws -> [Transcription.Segment] {
        let letters = (0..<10).flatMap { [2, UInt8(ascii: " "), UInt8(ascii: "a") + UInt8($0)] }
        let vocabulary = try #require(Vocabulary(letters + [UInt8](repeating: 0, count: 110)))
        return WhisperSegments(network: Speech.network, vocabulary: vocabulary, duration: .seconds(seconds))
            .segments(of: tokens)
    }

    @Test func timesCutATextIntoSegments() throws {
        let segments = try segments([17, 0, 1, 67, 77, 2, 117])
        #expect(segments.map(\.text) == ["a b", "c"])
        #expect(segments.map(\.start) == [.zero, .milliseconds(1200)])
        #expect(segments.map(\.end) == [.seconds(1), .seconds(2)])
        #expect(segments.map(\.tokens) == [[0, 1], [2]])
    }

    @Test func aSegmentWithoutAnEndEndsWithTheSound() throws {
        #expect(try segments([27, 0], seconds: 3).map(\.end) == [.seconds(3)])
    }

    @Test func noSegmentEndsAfterTheSound() throws {
        let segment = try #require(try segments([17, 0, 117], seconds: 1).first)
        #expect(segment.end == .seconds(1))
    }

    @Test func aTextWithoutTimesIsOneSegment() throws {
        #expect(
            try segments([0, 1, 2], seconds: 4) == [
                .init(text: "a b c", start: .zero, end: .seconds(4), tokens: [0, 1, 2])
            ])
    }

    @Test func timesWithoutWordsAreNoSegments() throws {
        #expect(try segments([17, 40, 40, 60]).isEmpty)
        #expect(try segments([]).isEmpty)
    }

    @Test func aTextThatRepeatsItselfCompressesWell() {
        #expect(CompressionRatio.of(String(repeating: "thank you. ", count: 20)) > 2.4)
        #expect(CompressionRatio.of("the weather is fine today, and we will walk to the river") < 1.5)
        #expect(CompressionRatio.of("") == 0)
    }

    @Test func anImprobableTextIsTriedAgainUnlessNobodySpeaks() {
        var text = WhisperText(temperature: 0)
        text.tokens = [1, 2, 3]
        text.logProbability = -6
        #expect(text.averageLogProbability == -1.5)
        #expect(!text.isGoodEnough(TranscriptionOptions()))
        text.noSpeechProbability = 0.7
        #expect(text.isGoodEnough(TranscriptionOptions()))
    }

    @Test func aTextThatRepeatsItselfIsTriedAgain() {
        var text = WhisperText(temperature: 0)
        text.tokens = [1]
        #expect(text.isGoodEnough(TranscriptionOptions()))
        text.compressionRatio = 2.5
        #expect(!text.isGoodEnough(TranscriptionOptions()))
    }
}
