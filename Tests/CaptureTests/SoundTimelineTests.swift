import Media
import Testing
import Units

@testable import Capture

struct SoundTimelineTests {
    /// Brings seconds of sound in periods of 10 ms, all of it handed on.
    private func play(_ timeline: inout SoundTimeline, _ card: inout Card, captured: inout Int64, seconds: Double) {
        for _ in 0..<Int(seconds * 100) {
            captured += 480
            timeline.observe(available: 480, stamp: card.stamp(of: captured))
            _ = timeline.advance(480)
        }
    }

    @Test(arguments: [0.0, 150, -2_000])
    func `A stop of two seconds is one gap of two seconds`(partsPerMillion: Double) throws {
        var card = Card(partsPerMillion: partsPerMillion, jitter: 0.001)
        var timeline = SoundTimeline(rate: 48_000)
        var captured: Int64 = 0
        play(&timeline, &card, captured: &captured, seconds: 20)
        #expect(!timeline.hasGap)
        timeline.interrupt(.overrun)
        // What waited when the reader stopped is lost too, and the card starts anew two seconds later.
        card.start = card.start + .seconds(2)
        play(&timeline, &card, captured: &captured, seconds: 0.01)
        let taken = timeline.takeGap()
        let gap = try #require(taken)
        #expect(gap.reason == .overrun)
        #expect(gap.position == 20 * 48_000)
        #expect(abs(gap.duration.milliseconds - 2_000) < 3)
        #expect(abs(Double(gap.frames) / 48 - 2_000 * (1 + partsPerMillion * 1e-6)) < 3)
        #expect(timeline.position == 20 * 48_000 + gap.frames + 480)
        #expect(!timeline.hasGap)
        let next = timeline.advance(480)
        #expect(abs((next.time - card.time(of: captured)).milliseconds) < 2)
    }

    @Test func `Nothing is missing before the first sound`() {
        var timeline = SoundTimeline(rate: 48_000)
        timeline.interrupt(.failed)
        timeline.observe(available: 480, stamp: MonotonicTime(seconds: 5))
        #expect(!timeline.hasGap)
        let first = timeline.advance(480)
        #expect(first.position == 0)
        #expect(abs((first.time - MonotonicTime(seconds: 4.99)).microseconds) < 1)
    }

    @Test func `The first of several reasons is the gap's, unless a later one explains it`() throws {
        var card = Card()
        var timeline = SoundTimeline(rate: 48_000)
        var captured: Int64 = 0
        play(&timeline, &card, captured: &captured, seconds: 1)
        timeline.interrupt(.failed)
        timeline.interrupt(.disconnected)
        timeline.interrupt(.failed)
        timeline.interrupt(.overrun)
        card.start = card.start + .seconds(30)
        play(&timeline, &card, captured: &captured, seconds: 1)
        let taken = timeline.takeGap()
        let gap = try #require(taken)
        #expect(gap.reason == .disconnected)
        #expect(abs(gap.duration.seconds - 30) < 0.001)
    }

    @Test func `A stop that lasts to the end is a gap up to the end`() throws {
        var card = Card()
        var timeline = SoundTimeline(rate: 48_000)
        var captured: Int64 = 0
        play(&timeline, &card, captured: &captured, seconds: 10)
        timeline.interrupt(.disconnected)
        timeline.end(at: card.time(of: captured) + .seconds(600))
        let taken = timeline.takeGap()
        let gap = try #require(taken)
        #expect(gap.reason == .disconnected)
        #expect(gap.position == 10 * 48_000)
        #expect(abs(gap.duration.seconds - 600) < 0.001)
        #expect(abs(gap.frames - 600 * 48_000) < 48)
        timeline.end(at: card.time(of: captured) + .seconds(601))
        #expect(!timeline.hasGap)
    }

    @Test func `Nothing is missing at the end of sound that has not stopped, or of none`() {
        var card = Card()
        var timeline = SoundTimeline(rate: 48_000)
        timeline.interrupt(.failed)
        timeline.end(at: MonotonicTime(seconds: 600))
        #expect(!timeline.hasGap)
        timeline = SoundTimeline(rate: 48_000)
        var captured: Int64 = 0
        play(&timeline, &card, captured: &captured, seconds: 1)
        timeline.end(at: card.time(of: captured) + .seconds(600))
        #expect(!timeline.hasGap)
    }

    @Test func `Sound without a place to go is a gap of just that length`() throws {
        var card = Card()
        var timeline = SoundTimeline(rate: 48_000)
        var captured: Int64 = 0
        play(&timeline, &card, captured: &captured, seconds: 1)
        for _ in 0..<3 {
            captured += 480
            timeline.observe(available: 480, stamp: card.stamp(of: captured))
            timeline.lose(480)
        }
        let taken = timeline.takeGap()
        let gap = try #require(taken)
        #expect(gap.reason == .readerTooSlow)
        #expect(gap.position == 48_000)
        #expect(gap.frames == 3 * 480)
        #expect(abs(gap.duration.milliseconds - 30) < 0.1)
        #expect(timeline.position == 48_000 + 3 * 480)
    }

    @Test func `Gaps that follow one another are one`() throws {
        var card = Card()
        var timeline = SoundTimeline(rate: 48_000)
        var captured: Int64 = 0
        play(&timeline, &card, captured: &captured, seconds: 1)
        captured += 480
        timeline.observe(available: 480, stamp: card.stamp(of: captured))
        timeline.lose(480)
        timeline.interrupt(.overrun)
        card.start = card.start + .seconds(1)
        captured += 480
        timeline.observe(available: 480, stamp: card.stamp(of: captured))
        let taken = timeline.takeGap()
        let gap = try #require(taken)
        #expect(gap.reason == .readerTooSlow)
        #expect(abs(gap.duration.milliseconds - 1_010) < 0.1)
        #expect(abs(gap.frames - 48_480) <= 2)
        #expect(timeline.position == 48_000 + gap.frames)
    }

    @Test func `A card that skips leaves a gap`() throws {
        var card = Card()
        var timeline = SoundTimeline(rate: 48_000)
        var captured: Int64 = 0
        play(&timeline, &card, captured: &captured, seconds: 10)
        card.start = card.start + .milliseconds(400)
        play(&timeline, &card, captured: &captured, seconds: 0.5)
        let taken = timeline.takeGap()
        let gap = try #require(taken)
        #expect(gap.reason == .skipped)
        #expect(abs(gap.duration.milliseconds - 400) < 1)
        #expect(timeline.position == 10 * 48_000 + gap.frames + 24_000)
        let next = timeline.advance(480)
        #expect(abs((next.time - card.time(of: captured)).milliseconds) < 1)
    }

    @Test func `Numbers and times never go back`() {
        var card = Card(partsPerMillion: -300, jitter: 0.002)
        var timeline = SoundTimeline(rate: 48_000)
        var generator = SeededGenerator(seed: 7)
        var captured: Int64 = 0
        var end: Int64 = 0
        var before = MonotonicTime(nanoseconds: 0)
        for _ in 0..<5_000 {
            let available = Int.random(in: 1...960, using: &generator)
            captured += Int64(available)
            if Int.random(in: 0..<100, using: &generator) == 0 {
                timeline.interrupt(.overrun)
                card.start = card.start + .milliseconds(Int.random(in: 1...500, using: &generator))
            }
            timeline.observe(available: available, stamp: card.stamp(of: captured))
            if let gap = timeline.takeGap() {
                #expect(gap.position == end && gap.frames >= 0 && gap.duration >= .zero)
                end += gap.frames
            }
            let (position, time) = timeline.advance(available)
            #expect(position == end)
            #expect(time + .milliseconds(2) >= before)
            end += Int64(available)
            before = time
        }
    }
}
