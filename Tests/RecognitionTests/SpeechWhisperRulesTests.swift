import Testing

@testable import Recognition

struct SpeechWhisperRulesTests {
    let network = Speech.network

    /// The tokens that may follow `tokens`, when every one is equally likely but those in `scores`.
    private func possible(after tokens: [Int], timestamps: Bool = true, scores: [Int: Float] = [:]) -> [Int] {
        // Words likely enough that no sum of times outweighs them.
        var all = [Float](repeating: 0, count: network.vocabulary)
        for word in 0..<10 { all[word] = 20 }
        all[10] = 20
        for (token, score) in scores { all[token] = score }
        return withLogits(all) { logits in
            WhisperRules(network: network, timestamps: timestamps).apply(to: logits, after: tokens)
            return logits.scores.indices.filter { logits.scores[$0] > -.infinity }
        }
    }

    private func time(_ steps: Int) -> Int { network.tokens.firstTimestamp + steps }

    @Test func suppressedTokensNeverCome() {
        let possible = possible(after: [1], timestamps: false)
        #expect(!possible.contains(3))
        #expect(possible.contains(10))
    }

    @Test func aTextDoesNotBeginWithABlankOrItsEnd() {
        let atStart = possible(after: [], timestamps: false)
        #expect(!atStart.contains(0) && !atStart.contains(10))
        let later = possible(after: [1], timestamps: false)
        #expect(later.contains(0) && later.contains(10))
    }

    @Test func aTextWithTimesBeginsWithOneInTheFirstSecond() {
        #expect(possible(after: []) == Array(time(0)...time(50)))
    }

    @Test func afterTheFirstTimeComeWords() {
        let possible = possible(after: [time(0)])
        #expect(possible.contains(1))
        #expect(possible.allSatisfy { $0 < time(0) })
    }

    @Test func afterWordsComeWordsOrALaterTime() {
        let possible = possible(after: [time(5), 1, 2])
        #expect(possible.contains(4))
        #expect(possible.filter { $0 >= time(0) }.min() == time(6))
    }

    @Test func afterTheEndOfASegmentComesTheNextBeginningOrTheEndOfAll() {
        let possible = possible(after: [time(0), 1, time(9)])
        #expect(possible.contains(10))
        #expect(!possible.contains(1))
        #expect(possible.filter { $0 >= time(0) }.min() == time(9))
    }

    @Test func afterAPairOfTimesComeWords() {
        #expect(possible(after: [time(0), 1, time(9), time(9)]).allSatisfy { $0 < time(0) })
    }

    @Test func theMarkForNoTimesNeverComesWithTimes() {
        #expect(!possible(after: [time(0), 1]).contains(16))
        #expect(possible(after: [1], timestamps: false).contains(16))
    }

    @Test func timesThatAreLikelierTogetherThanAnyWordMustCome() {
        let words = Dictionary(uniqueKeysWithValues: (0...10).map { ($0, Float(0)) })
        let times = possible(after: [time(0), 1], scores: words)
        #expect(!times.isEmpty && times.allSatisfy { $0 >= time(1) })
        #expect(possible(after: [time(0), 1], scores: words.merging([2: 9]) { $1 }).contains(2))
    }

    @Test func aPromptTellsLanguageAndTask() throws {
        var options = TranscriptionOptions()
        let prompt = try WhisperPrompt(network, options: options, capacity: 32, recognizer: "test")
        #expect(prompt.tokens == [11, 12, 14])
        #expect(prompt.start == 0)
        options.timestamps = false
        #expect(
            try WhisperPrompt(network, options: options, capacity: 32, recognizer: "test").tokens == [11, 12, 14, 16])
    }

    @Test func aPromptHoldsTheLastOfWhatWasSaidBeforeAndNoMarks() throws {
        var options = TranscriptionOptions()
        options.promptTokens = [9, 8, 7, 6, 5, 4, 17, 2, 1, 0, 9, 8]
        let prompt = try WhisperPrompt(network, options: options, capacity: 32, recognizer: "test")
        #expect(prompt.tokens == [15, 6, 5, 4, 2, 1, 0, 9, 8, 11, 12, 14])
        #expect(prompt.start == 9)
        #expect(prompt.tokens.count + prompt.maximumTokens <= 32)
    }

    @Test func aPromptInAnUnknownLanguageIsRefused() throws {
        var options = TranscriptionOptions()
        options.language = "xx"
        var english = network
        english.languages = [:]
        for network in [network, english] {
            let error = try recognitionError {
                _ = try WhisperPrompt(network, options: options, capacity: 32, recognizer: "test")
            }
            #expect(error.code == .languageUnknown)
            #expect(error.message.contains("\"xx\""))
        }
    }

    @Test func englishOnlyWeightsNeedNoLanguage() throws {
        var english = network
        english.languages = [:]
        let prompt = try WhisperPrompt(english, options: TranscriptionOptions(), capacity: 32, recognizer: "test")
        #expect(prompt.tokens == [11])
    }
}
