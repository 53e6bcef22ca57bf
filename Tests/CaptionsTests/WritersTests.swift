import Captions
import Testing
import Units

@Suite struct WritersTests {
    private func write(_ writer: some CaptionWriter, _ utterances: [[Word]]) -> String {
        var writer = writer
        var text = writer.begin()
        for words in utterances { text += writer.append(words) + writer.endUtterance() }
        return text + writer.finish()
    }

    @Test func `Text has a line for each utterance, and gaps on their own`() {
        var writer = TextWriter()
        var text = writer.begin() + writer.append(words("Hello")) + writer.append(words("there."))
        text += writer.append(Gap(start: .seconds(1), length: .milliseconds(1200))) + writer.append(words("Bye."))
        text += writer.finish()
        #expect(text == "Hello there.\n[gap 1.2 s]\nBye.\n")
    }

    @Test func `Text without words is empty`() {
        #expect(write(TextWriter(), [[], [Word(" \n", start: .zero, end: .zero)]]) == "")
    }

    @Test func `SubRip numbers its cues`() {
        let text = write(
            SubRipWriter(), [words("Hello there.", from: .seconds(1)), words("Bye.", from: .seconds(3661.5))])
        #expect(
            text == """
                1
                00:00:01,000 --> 00:00:02,000
                Hello there.

                2
                01:01:01,500 --> 01:01:02,500
                Bye.


                """)
    }

    @Test func `WebVTT has its header, escapes, and notes on approximate times`() {
        let text = write(
            WebVTTWriter(),
            [
                words("a<b & c-->d", from: .seconds(0)), words("spread words", from: .seconds(5), isApproximate: true),
                words("again", from: .seconds(360_000)),
            ])
        #expect(
            text == """
                WEBVTT

                00:00:00.000 --> 00:00:01.100
                a&lt;b &amp; c--&gt;d

                NOTE approximate times from here

                00:00:05.000 --> 00:00:06.000
                spread words

                NOTE measured times from here

                100:00:00.000 --> 100:00:01.000
                again


                """)
    }

    @Test func `Times round to the millisecond and carry over`() {
        let word = Word("x", start: .nanoseconds(59_999_600_000), end: .seconds(3_599.9996))
        #expect(write(SubRipWriter(), [[word]]).contains("00:01:00,000 --> 00:01:07,000"))
    }

    @Test func `Files come out the same however the words arrive`() {
        let all = words((0..<60).map { "word\($0)" }.joined(separator: " "))
        var writer = WebVTTWriter()
        var text = writer.begin()
        for word in all { text += writer.append([word]) }
        text += writer.endUtterance() + writer.finish()
        #expect(text == write(WebVTTWriter(), [all]))
    }
}

@Suite struct CueBuilderTests {
    @Test func `A gap is a cue of its own, after the words before it`() {
        var builder = CueBuilder()
        _ = builder.append(words("almost")[0])
        let cues = builder.append(Gap(start: .milliseconds(500), length: .seconds(60)))
        #expect(cues.map(\.lines) == [["almost"], ["[gap 60.0 s]"]])
        #expect(cues.map(\.start) == [.zero, .milliseconds(500)])
        #expect(cues.map(\.end) == [.milliseconds(500), .milliseconds(7500)])
    }

    @Test func `A pause between words ends a cue`() {
        var builder = CueBuilder()
        #expect(builder.append(words("one")[0]).isEmpty)
        #expect(builder.append(words("two", from: .seconds(2))[0]).map(\.lines) == [["one"]])
        #expect(builder.close()?.lines == ["two"])
        #expect(builder.close() == nil)
    }

    @Test func `A sentence of some length ends a cue`() {
        var builder = CueBuilder()
        let cues = words("Yes. It was the best of all possible times. Then").flatMap { builder.append($0) }
        #expect(cues.map { $0.lines.joined(separator: " ") } == ["Yes. It was the best of all possible times."])
    }

    @Test func `Two lines are about even`() {
        var builder = CueBuilder()
        for word in words("these are eleven words that make two lines of even length") { _ = builder.append(word) }
        #expect(builder.close()?.lines == ["these are eleven words that", "make two lines of even length"])
    }

    @Test func `A word longer than a line is cut`() {
        var builder = CueBuilder()
        let cues = builder.append(Word(String(repeating: "x", count: 100), start: .zero, end: .seconds(5)))
        let all = cues + [builder.close()].compactMap { $0 }
        #expect(all.flatMap(\.lines).map(\.count) == [42, 42, 16])
        #expect(all.map(\.lines.count) == [2, 1])
    }

    @Test(arguments: 0..<50) func `Cues keep all words, fit their lines and never overlap`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var builder = CueBuilder()
        var cues: [Cue] = []
        var said: [String] = []
        var time = Duration.zero
        for _ in 0..<500 {
            time += generator.milliseconds(generator.chance(0.1) ? 0...5000 : 0...200)
            let end = time + generator.milliseconds(generator.chance(0.02) ? 0...20_000 : 0...600)
            let text =
                String(repeating: "a", count: Int.random(in: 1...12, using: &generator))
                + (generator.chance(0.1) ? "." : "")
            said.append(text)
            cues += builder.append(Word(text, start: time, end: end))
            time = end
            if generator.chance(0.05), let cue = builder.close() { cues.append(cue) }
        }
        if let cue = builder.close() { cues.append(cue) }
        #expect(cues.flatMap(\.lines).joined(separator: " ") == said.joined(separator: " "))
        var last = Duration.zero
        for cue in cues {
            #expect((1...2).contains(cue.lines.count))
            #expect(cue.lines.allSatisfy { $0.count <= 42 })
            #expect(cue.start >= last)
            #expect(cue.end > cue.start)
            #expect(cue.end - cue.start <= .seconds(7))
            last = cue.end
        }
    }
}
