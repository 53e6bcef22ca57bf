import Captions
import Testing

@Suite struct HypothesisGatesTests {
    private let gates = HypothesisGates()

    private func gate(
        _ text: String, seconds: Double = 10, noSpeech: Double? = nil, logProbability: Double? = nil,
        ratio: Double? = nil
    ) -> HypothesisGates.Gate? {
        gates.gate(
            for: .init(
                text: text, duration: .seconds(seconds), noSpeechProbability: noSpeech,
                averageLogProbability: logProbability, compressionRatio: ratio))
    }

    @Test func `Ordinary speech is trusted`() {
        #expect(
            gate(
                "It was the best of times, it was the worst of times.", noSpeech: 0.1, logProbability: -0.3, ratio: 1.4)
                == nil)
    }

    @Test func `No speech needs a poor log-probability too`() {
        #expect(gate("Thank you.", noSpeech: 0.9, logProbability: -0.4) == nil)
        #expect(gate("Thank you.", noSpeech: 0.5, logProbability: -1.5) == nil)
        #expect(gate("Thank you.", noSpeech: 0.9, logProbability: -1.5) == .noSpeech)
        #expect(gate("Thank you.", noSpeech: 0.9) == nil)
    }

    @Test func `Without a probability of no speech a poor log-probability is enough`() {
        #expect(gate("10,", logProbability: -1.5) == .lowConfidence)
        #expect(gate("10,", logProbability: -0.9) == nil)
        #expect(gate("", logProbability: -1.5) == nil)
    }

    @Test func `Text that compresses too well is not trusted`() {
        #expect(gate("a word", ratio: 2.4) == nil)
        #expect(gate("a word", ratio: 2.5) == .compression)
    }

    @Test(arguments: [
        "thank you thank you thank you", "So I think, so I think. So I think!",
        "and then we go on and on and on and then we go on and on and on and then we go on and on and on",
        "no no no no no no",
    ])
    func `A phrase again and again is not trusted`(text: String) {
        #expect(gate(text) == .repetition)
    }

    @Test(arguments: ["No, no, no!", "very very very good", "thank you, thank you", "one two one three one two one"])
    func `Saying a thing twice, or no thrice, is trusted`(text: String) {
        #expect(gate(text) == nil)
    }

    @Test func `More words than anybody speaks are not trusted`() {
        let text = (0..<15).map { "w\($0)" }.joined(separator: " ")
        #expect(gate(text, seconds: 2) == .wordRate)
        #expect(gate(text, seconds: 3) == nil)
        #expect(gate("yes of course", seconds: 0.3) == nil)
    }

    @Test(arguments: [
        "[BLANK_AUDIO]", "(soft music)", " *laughs* ", "♪ la la la ♪", "[music] (applause).", "...", "[music",
    ])
    func `Descriptions of sounds are not trusted`(text: String) {
        #expect(gate(text) == .annotation)
    }

    @Test func `Words beside a description are trusted`() {
        #expect(gate("[laughs] I know") == nil)
    }

    @Test func `No text is trusted`() {
        #expect(gate("") == nil)
        #expect(gate("  ") == nil)
    }
}
