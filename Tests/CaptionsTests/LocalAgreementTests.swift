import Captions
import Testing

@Suite struct LocalAgreementTests {
    private func hypothesis(_ text: String, from start: Duration = .zero, isApproximate: Bool = false) -> Hypothesis {
        let words = words(text, from: start, isApproximate: isApproximate)
        return Hypothesis(words: words, soundEnd: (words.last?.end ?? start) + .milliseconds(100))
    }

    @Test func `One hypothesis commits nothing`() {
        var agreement = LocalAgreement()
        let caption = agreement.observe(hypothesis("the quick brown"))
        #expect(caption.committed.isEmpty)
        #expect(caption.unconfirmed.text == "the quick brown")
    }

    @Test func `What two successive hypotheses begin with is committed`() {
        var agreement = LocalAgreement()
        _ = agreement.observe(hypothesis("the quick brow"))
        let caption = agreement.observe(hypothesis("the quick brown fox"))
        #expect(caption.committed.text == "the quick")
        #expect(caption.unconfirmed.text == "brown fox")
    }

    @Test func `Agreement does not look at case and punctuation, and takes the newer spelling`() {
        var agreement = LocalAgreement()
        _ = agreement.observe(hypothesis("Well, I said."))
        let caption = agreement.observe(hypothesis("well I said so"))
        #expect(caption.committed.text == "well I said")
    }

    @Test func `A committed word stays when a later hypothesis hears it otherwise`() {
        var agreement = LocalAgreement()
        _ = agreement.observe(hypothesis("their house is"))
        _ = agreement.observe(hypothesis("their house is big"))
        let caption = agreement.observe(hypothesis("there house is big and"))
        #expect(caption.committed.text == "big")
        #expect(agreement.committedCount == 4)
    }

    @Test func `A full stop at the end of the sound is not committed`() {
        var agreement = LocalAgreement()
        _ = agreement.observe(hypothesis("we went to the."))
        let caption = agreement.observe(hypothesis("we went to the."))
        #expect(caption.committed.text == "we went to")
        #expect(agreement.observe(hypothesis("we went to the store")).committed.text == "the")
    }

    @Test func `The end of speech commits the rest`() {
        var agreement = LocalAgreement()
        _ = agreement.observe(hypothesis("so it"))
        _ = agreement.observe(hypothesis("so it goes"))
        let caption = agreement.finish(hypothesis("so it goes, he said."))
        #expect(caption.committed.text == "goes, he said.")
        #expect(caption.unconfirmed.isEmpty)
    }

    @Test func `The end of speech without a decode commits what was unconfirmed`() {
        var agreement = LocalAgreement()
        _ = agreement.observe(hypothesis("so it goes"))
        #expect(agreement.finish(nil).committed.text == "so it goes")
    }

    @Test func `The end of speech with an empty decode commits nothing more`() {
        var agreement = LocalAgreement()
        _ = agreement.observe(hypothesis("thank you"))
        #expect(agreement.finish(Hypothesis(words: [], soundEnd: .seconds(2))).committed.isEmpty)
    }

    @Test(arguments: [
        ("I CANNOT GO THERE", "i can not go there today", "today"),
        ("i can not go there", "I cannot go there today.", "today."),
        ("one two three four", "One, two, for, four five", "five"),
        ("one two three four", "one three four five", "five"),
        ("one two three four", "one two three five six", "six"),
        ("no no no", "No, no, no, no", "no"),
        ("fifty-five people came", "fifty five people came home", "home"),
    ])
    func `A new recognizer goes on after the last committed word`(first: String, second: String, rest: String) {
        var agreement = LocalAgreement()
        _ = agreement.observe(hypothesis(first))
        _ = agreement.observe(hypothesis(first))
        // The last word of the first recognizer, if it was held back, comes with the second.
        let caption = agreement.observe(hypothesis(second, isApproximate: true))
        #expect((caption.committed + caption.unconfirmed).text == rest)
    }

    @Test func `Two recognizers that agree commit`() {
        var agreement = LocalAgreement()
        _ = agreement.observe(hypothesis("good MORNING"))
        #expect(agreement.observe(hypothesis("Good morning all", isApproximate: true)).committed.text == "Good morning")
    }

    @Test func `A long window is trimmed at the last committed segment end`() {
        var agreement = LocalAgreement()
        var hypothesis = hypothesis((0..<42).map { "w\($0)" }.joined(separator: " "))
        hypothesis.segmentEnds = [
            .init(wordCount: 10, time: .seconds(3.95)), .init(wordCount: 20, time: .seconds(7.95)),
            .init(wordCount: 42, time: .seconds(16.7)),
        ]
        _ = agreement.observe(hypothesis)
        #expect(agreement.windowStart == .zero)
        _ = agreement.observe(hypothesis)
        #expect(agreement.windowStart == .seconds(7.95))
    }

    @Test func `A window without segments is trimmed between words and leaves some to align by`() {
        var agreement = LocalAgreement()
        let text = (0..<60).map { "w\($0)" }.joined(separator: " ")
        _ = agreement.observe(hypothesis(text))
        _ = agreement.observe(hypothesis(text))
        #expect(agreement.windowStart == .seconds(56 * 0.4 - 0.05))
        let caption = agreement.observe(hypothesis("w56 w57 w58 w59 w60 w61", from: .seconds(56 * 0.4)))
        #expect(caption.unconfirmed.text == "w60 w61")
    }

    @Test func `A full window commits without agreement`() {
        var agreement = LocalAgreement()
        let heard = hypothesis((0..<70).map { "w\($0)" }.joined(separator: " "))
        let caption = agreement.observe(heard)
        #expect(caption.committed.count == 65)
        #expect(caption.unconfirmed.text == "w65 w66 w67 w68 w69")
        #expect(agreement.windowStart > .seconds(20))
    }

    @Test func `A full window in which nothing was heard is given up but for its end`() {
        var agreement = LocalAgreement()
        _ = agreement.observe(Hypothesis(words: [], soundEnd: .seconds(28)))
        #expect(agreement.windowStart == .seconds(26))
    }

    @Test func `The remnant of a committed word at the seam is not said twice`() {
        var agreement = LocalAgreement()
        _ = agreement.finish(hypothesis("it was very"))
        agreement.begin(at: .seconds(1), isContinued: true)
        let seam = Word("very", start: .seconds(1), end: .seconds(1.1))
        let caption = agreement.finish(
            Hypothesis(words: [seam] + words("good", from: .seconds(1.2)), soundEnd: .seconds(2)))
        #expect(caption.committed.text == "good")
    }

    @Test func `A word said again after a pause is said twice`() {
        var agreement = LocalAgreement()
        _ = agreement.finish(hypothesis("thank you"))
        agreement.begin(at: .seconds(1.2))
        #expect(agreement.finish(hypothesis("thank you", from: .seconds(1.5))).committed.text == "thank you")
    }

    @Test func `Times of committed words never go back`() {
        var agreement = LocalAgreement()
        let first = agreement.finish(hypothesis("one two", from: .seconds(1)))
        agreement.begin(at: .seconds(1))
        let second = agreement.finish(hypothesis("three", from: .seconds(1)))
        #expect(first.committed.last?.end == .seconds(1.7))
        #expect(second.committed.first?.start == .seconds(1.7))
        #expect(second.committed.first?.end == .seconds(1.7))
    }
}
