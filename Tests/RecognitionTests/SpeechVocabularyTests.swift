import Testing

@testable import Recognition

struct SpeechVocabularyTests {
    private func vocabulary(_ tokens: [[UInt8]]) throws -> Vocabulary {
        try #require(Vocabulary(tokens.flatMap { [UInt8($0.count)] + $0 }))
    }

    @Test func tokensJoinToTextWithoutBlanksAround() throws {
        let vocabulary = try vocabulary([Array(" the".utf8), Array(" cat".utf8), Array("s".utf8), []])
        #expect(vocabulary.count == 4)
        #expect(vocabulary.text(of: [0, 1, 2, 3]) == "the cats")
        #expect(vocabulary.text(of: []) == "")
    }

    @Test func aCharacterSplitOverTokensIsWhole() throws {
        let euro = Array("€".utf8)
        let vocabulary = try vocabulary([Array("5 ".utf8), [euro[0]], [euro[1], euro[2]]])
        #expect(vocabulary.text(of: [0, 1, 2]) == "5 €")
    }

    @Test(arguments: ["é", "€", "𝄞"])
    func aCharacterThatIsStillComingIsLeftOut(character: String) throws {
        let bytes = Array(character.utf8)
        let vocabulary = try vocabulary([Array("ab".utf8)] + bytes.map { [$0] })
        for count in 1..<bytes.count { #expect(vocabulary.text(of: Array(0...count)) == "ab") }
        #expect(vocabulary.text(of: Array(0...bytes.count)) == "ab" + character)
    }

    @Test func bytesThatAreNoTextBecomeReplacementCharacters() throws {
        let vocabulary = try vocabulary([[0xFF], Array("a".utf8), [0x80]])
        #expect(vocabulary.text(of: [0, 1]) == "\u{FFFD}a")
        #expect(vocabulary.text(of: [1, 2]) == "a\u{FFFD}")
    }

    @Test func anUnknownTokenHasNoText() throws {
        let vocabulary = try vocabulary([Array("a".utf8)])
        #expect(vocabulary.text(of: [-1, 0, 1, 9]) == "a")
    }

    @Test func aFileThatIsCutOffIsNoVocabulary() {
        #expect(Vocabulary([1, 97, 3, 98]) == nil)
    }

    @Test func aFileOfAnotherSizeIsDamaged() throws {
        let folder = try TemporaryFolder()
        try folder.write([1, 97], to: "vocabulary.bin")
        for (file, reason) in [("vocabulary.bin", "2 tokens"), ("none.bin", "cannot be read")] {
            let error = try recognitionError { _ = try Vocabulary(path: folder.path + "/" + file, count: 2) }
            #expect(error.code == .bundleDamaged)
            #expect(error.message.contains(reason))
        }
    }
}
