import Captions
import Testing
import Units

@Suite struct SpeechSegmenterTests {
    typealias Event = SpeechSegmenter.Event

    /// What happened besides speech going on.
    private func events(_ segmenter: inout SpeechSegmenter, _ probabilities: [Double]) -> [Event] {
        probabilities.compactMap { segmenter.observe($0) }.filter {
            if case .speechContinues = $0 { false } else { true }
        }
    }

    private func frames(_ count: Int, _ probability: Double) -> [Double] { Array(repeating: probability, count: count) }

    private func frame(_ index: Int) -> Duration { .milliseconds(32 * index) }

    @Test func `Silence is nothing`() {
        var segmenter = SpeechSegmenter()
        #expect(frames(10_000, 0.1).allSatisfy { segmenter.observe($0) == nil })
        #expect(segmenter.finish() == nil)
    }

    @Test func `Speech begins before its first voiced frame and ends after its last`() {
        var segmenter = SpeechSegmenter()
        let found = events(&segmenter, frames(20, 0) + frames(30, 0.9) + frames(30, 0))
        #expect(
            found == [
                .speechStarted(start: frame(20) - .milliseconds(300), onset: frame(20)),
                .speechEnded(at: frame(50) + .milliseconds(100)),
            ])
        #expect(segmenter.voicedEnd == frame(50))
    }

    @Test func `The pre-roll does not begin before the sound`() {
        var segmenter = SpeechSegmenter(start: .seconds(5))
        #expect(events(&segmenter, frames(5, 1)) == [.speechStarted(start: .seconds(5), onset: .seconds(5))])
    }

    @Test func `The pre-roll does not take what the utterance before has`() {
        var segmenter = SpeechSegmenter()
        let found = events(&segmenter, frames(20, 1) + frames(16, 0) + frames(20, 1))
        let end = frame(20) + .milliseconds(100)
        #expect(
            found.dropFirst() == [
                .speechEnded(at: end), .speechStarted(start: frame(36) - .milliseconds(300), onset: frame(36)),
            ])
        var short = SpeechSegmenter.Configuration()
        short.minimumSilence = .milliseconds(200)
        segmenter = SpeechSegmenter(short)
        #expect(
            events(&segmenter, frames(20, 1) + frames(8, 0) + frames(20, 1)).dropFirst()
                == [.speechEnded(at: end), .speechStarted(start: end, onset: frame(28))])
    }

    @Test func `Between the two thresholds things stay as they are`() {
        var segmenter = SpeechSegmenter()
        #expect(events(&segmenter, frames(50, 0.4)).isEmpty)
        #expect(events(&segmenter, frames(10, 0.6) + frames(100, 0.4)).count == 1)
        #expect(segmenter.isSpeaking)
    }

    @Test func `A pause shorter than the minimum does not end an utterance`() {
        var segmenter = SpeechSegmenter()
        let found = events(&segmenter, frames(10, 1) + frames(15, 0) + frames(10, 1))
        #expect(found.count == 1)
        #expect(segmenter.isSpeaking)
    }

    @Test func `A click is no speech`() {
        var segmenter = SpeechSegmenter()
        for _ in 0..<20 { #expect(events(&segmenter, frames(2, 1) + frames(10, 0)).isEmpty) }
        #expect(events(&segmenter, frames(2, 1)).isEmpty)
        #expect(segmenter.finish() == nil)
    }

    @Test func `A short closure in the first word does not undo the onset`() {
        var segmenter = SpeechSegmenter()
        let found = events(&segmenter, frames(10, 0) + frames(2, 1) + frames(2, 0) + frames(5, 1))
        #expect(found == [.speechStarted(start: frame(10) - .milliseconds(300), onset: frame(10))])
    }

    @Test func `The end of the sound ends the utterance`() {
        var segmenter = SpeechSegmenter()
        _ = events(&segmenter, frames(10, 1))
        #expect(segmenter.finish() == .speechEnded(at: frame(10)))
        #expect(segmenter.finish() == nil)
    }

    @Test func `A long utterance ends at a short pause`() {
        var segmenter = SpeechSegmenter()
        let pause = frames(4, 0)
        var found = events(&segmenter, frames(100, 1) + pause + frames(400, 1))
        #expect(found.count == 1)
        found = events(&segmenter, pause + frames(10, 1))
        #expect(
            found == [
                .speechEnded(at: frame(504 + 3)), .speechStarted(start: frame(504 + 3), onset: frame(504 + 4)),
            ])
    }

    @Test func `Speech without a pause is split where it is quietest, and nothing is lost`() {
        var segmenter = SpeechSegmenter()
        var speech = frames(5625, 0.9)
        // 28 s are 875 frames; the last 2 s of them are searched.
        speech[850] = 0.6
        let found = events(&segmenter, speech)
        let splits = found.compactMap { if case .speechSplit(let at) = $0 { at } else { nil } }
        #expect(splits.first == frame(850) + .milliseconds(16))
        #expect(splits.count == found.count - 1)
        for (a, b) in zip([.zero] + splits, splits) {
            #expect(b - a <= .seconds(28))
            #expect(b - a > .seconds(25))
        }
        #expect(segmenter.isSpeaking)
    }

    @Test func `A gap ends an utterance, and time goes on after it`() {
        var segmenter = SpeechSegmenter()
        _ = events(&segmenter, frames(10, 1))
        #expect(segmenter.skip(Gap(start: frame(10), length: .seconds(2))) == .speechEnded(at: frame(10)))
        #expect(
            events(&segmenter, frames(5, 1))
                == [.speechStarted(start: frame(10) + .seconds(2), onset: frame(10) + .seconds(2))])
    }

    @Test func `What is not a number is silence`() {
        var segmenter = SpeechSegmenter()
        _ = events(&segmenter, frames(10, 1))
        #expect(events(&segmenter, frames(20, .nan)) == [.speechEnded(at: frame(10) + .milliseconds(100))])
    }

    @Test(arguments: 0..<50) func `Utterances never overlap, whatever the probabilities`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var segmenter = SpeechSegmenter()
        var open: Duration?
        var last = Duration.zero
        var level = 0.5
        for _ in 0..<20_000 {
            level = min(1, max(0, level + Double.random(in: -0.2...0.2, using: &generator)))
            switch segmenter.observe(generator.chance(0.01) ? 1 - level : level) {
            case .speechStarted(let start, let onset):
                #expect(open == nil)
                #expect(start >= last)
                #expect(start <= onset)
                open = start
            case .speechContinues(let until):
                #expect(until == segmenter.time)
            case .speechEnded(let at), .speechSplit(let at):
                guard let start = open else {
                    Issue.record("an utterance ended that had not begun")
                    return
                }
                #expect(at > start)
                #expect(at - start <= .seconds(28))
                #expect(at <= segmenter.time)
                last = at
                open = segmenter.isSpeaking ? at : nil
            case nil: break
            }
            #expect(segmenter.isSpeaking == (open != nil))
        }
    }
}
