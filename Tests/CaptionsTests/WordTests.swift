import Captions
import Foundation
import Testing
import Units

@Suite struct WordTests {
    @Test func `A word never ends before it begins`() {
        #expect(Word("a", start: .seconds(2), end: .seconds(1)).end == .seconds(2))
    }

    @Test func `Words without times are laid out over the speech by their length`() {
        let words = Word.spread(["a", "", "abc", "a"], over: .seconds(1)..<(.seconds(9)))
        #expect(words.map(\.text) == ["a", "abc", "a"])
        #expect(words.map(\.start) == [.seconds(1), .seconds(3), .seconds(7)])
        #expect(words.last?.end == .seconds(9))
        #expect(words.allSatisfy { $0.isApproximate })
        #expect(Word.spread([String](), over: .zero..<(.seconds(1))).isEmpty)
    }

    @Test func `JSON has seconds and says which times are approximate`() throws {
        let word = Word("hi", start: .milliseconds(1234), end: .seconds(2), isApproximate: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = try encoder.encode(word)
        #expect(String(decoding: json, as: UTF8.self) == #"{"approximate":true,"end":2,"start":1.234,"text":"hi"}"#)
        #expect(try JSONDecoder().decode(Word.self, from: json) == word)
    }

    @Test func `Times in JSON that no timeline has are an error`() {
        let json = Data(#"{"text":"hi","start":0,"end":1e300}"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Word.self, from: json) }
    }

    @Test func `A gap is shown with its length`() {
        #expect("\(Gap(start: .zero, length: .milliseconds(1_240)))" == "[gap 1.2 s]")
        #expect("\(Gap(start: .zero, length: .milliseconds(3)))" == "[gap 0.1 s]")
        #expect("\(Gap(start: .zero, length: .seconds(-1)))" == "[gap 0.0 s]")
    }
}

@Suite struct WordNormalizationTests {
    @Test(arguments: [
        ("Printing, in the ONLY sense", ["printing", "in", "the", "only", "sense"]),
        ("don’t 'tis the dogs' o'clock", ["don't", "tis", "the", "dogs", "o'clock"]),
        ("rock 'n' roll", ["rock", "n", "roll"]),
        ("\"forty-two line Bible\"", ["forty", "two", "line", "bible"]),
        ("at 3.5 p.m., 1,000 men", ["at", "3.5", "pm", "1000", "men"]),
        ("one—two…three / four,five", ["one", "two", "three", "four", "five"]),
        ("Ça va, Jürgen?", ["ça", "va", "jürgen"]),
        (" .,!? ", []),
    ])
    func `Case and punctuation are put aside`(text: String, words: [String]) {
        #expect(WordNormalization.words(text) == words)
    }
}

@Suite struct WordErrorRateTests {
    @Test func `Equal words are no error, however they are written`() {
        let rate = WordErrorRate(
            reference: "He was not an ill-disposed young man.", transcript: "he was not an ill disposed, young man")
        #expect(rate == WordErrorRate(words: 8))
        #expect(rate.value == 0)
    }

    @Test func `Each kind of error is counted`() {
        let rate = WordErrorRate(reference: "a b c d e f", transcript: "a x c e f g")
        #expect(rate == WordErrorRate(substitutions: 1, deletions: 1, insertions: 1, words: 6))
        #expect(rate.value == 0.5)
    }

    @Test func `Nothing heard is all words missing`() {
        #expect(WordErrorRate(reference: "a b", transcript: "") == WordErrorRate(deletions: 2, words: 2))
    }

    @Test func `Without a reference there is no rate`() {
        let rate = WordErrorRate(reference: "", transcript: "thank you")
        #expect(rate.insertions == 2)
        #expect(rate.value == nil)
    }

    @Test func `Files add up word by word`() {
        let total =
            WordErrorRate(reference: "a b c", transcript: "a b") + WordErrorRate(reference: "a", transcript: "a")
        #expect(total.value == 0.25)
    }

    @Test(arguments: 0..<100) func `The count is the edit distance`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        func some() -> [String] {
            (0..<Int.random(in: 0...7, using: &generator)).map { _ in
                ["a", "b", "c"].randomElement(using: &generator) ?? ""
            }
        }
        func distance(_ a: ArraySlice<String>, _ b: ArraySlice<String>) -> Int {
            guard let x = a.first, let y = b.first else { return a.count + b.count }
            if x == y { return distance(a.dropFirst(), b.dropFirst()) }
            return 1
                + min(
                    distance(a.dropFirst(), b.dropFirst()), distance(a.dropFirst(), b), distance(a, b.dropFirst()))
        }
        let (a, b) = (some(), some())
        let rate = WordErrorRate(reference: a, transcript: b)
        #expect(rate.errors == distance(a[...], b[...]))
        #expect(a.count - rate.deletions + rate.insertions == b.count)
    }
}
