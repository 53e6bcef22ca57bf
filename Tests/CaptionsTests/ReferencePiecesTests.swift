import Captions
import Testing

@Suite struct ReferencePiecesTests {
    private func cut(_ reference: String, _ heard: [String]) -> [String] {
        ReferencePieces.cut(reference.words, as: heard.map(\.words)).map { $0.joined(separator: " ") }
    }

    @Test func whatWasHeardRightIsCutWhereItWasHeard() {
        #expect(cut("a b c d e", ["a b", "c d e"]) == ["a b", "c d e"])
    }

    @Test func wrongMissingAndSurplusWordsDoNotMoveTheCut() {
        #expect(
            cut("one two three four five six", ["one too three", "for five six"]) == ["one two three", "four five six"])
        #expect(cut("one two three four five", ["one two uh three", "four"]) == ["one two three", "four five"])
    }

    @Test func anUtteranceOfWhichNothingWasHeardGetsNoWords() {
        #expect(cut("a b c", ["a b c", ""]) == ["a b c", ""])
        #expect(cut("a b c", ["", "a b c"]) == ["", "a b c"])
    }

    @Test func everyWordIsInOnePiece() {
        #expect(cut("a b c", ["x", "y"]).joined(separator: " ").words == ["a", "b", "c"])
        #expect(cut("", ["x", "y"]) == ["", ""])
        #expect(cut("a", []) == [])
    }
}

extension String {
    fileprivate var words: [String] { split(separator: " ").map(String.init) }
}
