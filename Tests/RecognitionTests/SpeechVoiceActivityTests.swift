import Testing

@testable import Recognition

@Suite(
    .enabled(if: Installed.hasRuntime, Installed.noRuntime),
    .enabled(if: !Speech.detectors.isEmpty, Speech.none))
struct SpeechVoiceActivityTests {
    let detector: VoiceActivityDetector

    init() throws {
        detector = try VoiceActivityDetector(
            bundle: try #require(Speech.detectors.first), runtime: try OnnxRuntime.load())
    }

    private func probabilities(_ samples: [Float]) throws -> [Float] {
        let size = detector.frameSize
        return try stride(from: 0, through: samples.count - size, by: size).map { start in
            try probability(Array(samples[start..<start + size]))
        }
    }

    private func probability(_ frame: [Float]) throws -> Float {
        try frame.withUnsafeBufferPointer { try detector.probability(of: $0) }
    }

    @Test(arguments: [Speech.silence(10), Speech.noise(10), Speech.tone(10)])
    func whatIsNoSpeechIsImprobable(samples: [Float]) throws {
        let highest = try #require(try probabilities(samples).max())
        #expect(highest < 0.5)
    }

    @Test(.enabled(if: Speech.spoken != nil, Speech.noSynthesis))
    func speechIsProbableAndSilenceAfterItIsNot() throws {
        let spoken = try probabilities(try #require(Speech.spoken))
        #expect(spoken.count { $0 > 0.5 } > spoken.count / 2)
        #expect(try probabilities(Speech.silence(2)).suffix(20).allSatisfy { $0 < 0.35 })
    }

    @Test func aResetForgetsWhatWasHeard() throws {
        let first = try probabilities(Speech.noise(1))
        let later = try probabilities(Speech.noise(1))
        #expect(first != later)
        detector.reset()
        #expect(try probabilities(Speech.noise(1)) == first)
    }

    @Test func aFrameThatIsNoSoundLeavesTheDetectorAsItWas() throws {
        let frames = Speech.noise(1)
        let expected = try probabilities(frames)
        detector.reset()
        let half = detector.frameSize * 10
        var found = try probabilities(Array(frames[..<half]))
        let error = try recognitionError {
            _ = try probability([Float](repeating: .nan, count: detector.frameSize))
        }
        #expect(error.code == .audioInvalid)
        found += try probabilities(Array(frames[half...]))
        #expect(found == expected)
    }
}
