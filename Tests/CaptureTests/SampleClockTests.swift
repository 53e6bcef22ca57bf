import Capture
import Media
import Testing
import Units

struct SampleClockTests {
    private func run(_ clock: inout SampleClock, _ card: inout Card, from first: Int64 = 0, seconds: Int) {
        for period in 1...Int64(seconds * 100) {
            let sample = first + period * 480
            #expect(clock.observe(sample: sample, at: card.stamp(of: sample)) == .taken)
        }
    }

    @Test(arguments: [-200.0, -50, -10, 0, 10, 50, 200, 1_000, -1_000, 10_000, -50_000])
    func `Drift is found through a millisecond of jitter`(partsPerMillion: Double) throws {
        var card = Card(partsPerMillion: partsPerMillion, jitter: 0.001)
        var clock = SampleClock(nominalRate: 48_000)
        run(&clock, &card, seconds: 60)
        let drift = try #require(clock.drift)
        #expect(abs(drift.partsPerMillion - partsPerMillion) < max(2, abs(partsPerMillion) * 0.01))
        #expect(drift.uncertainty < 2)
        #expect(abs(clock.rate / (48_000 * (1 + partsPerMillion * 1e-6)) - 1) < 1e-5 + abs(partsPerMillion) * 1e-8)
    }

    @Test(arguments: [-100_000.0, -1_000, 0, 100, 1_000, 100_000])
    func `Each sample's time stays within the jitter all along`(partsPerMillion: Double) {
        var card = Card(partsPerMillion: partsPerMillion, jitter: 0.002)
        var clock = SampleClock(nominalRate: 48_000)
        var worst = Duration.zero
        for period in 0..<Int64(12_000) {
            _ = clock.observe(sample: period * 480, at: card.stamp(of: period * 480))
            let error = clock.time(of: period * 480) - card.time(of: period * 480)
            worst = max(worst, error < .zero ? .zero - error : error)
        }
        #expect(worst < .milliseconds(abs(partsPerMillion) > 10_000 ? 20 : 4))
    }

    @Test func `Drift is not told before it is known`() {
        var card = Card(partsPerMillion: 100, jitter: 0.001)
        var clock = SampleClock(nominalRate: 48_000)
        #expect(clock.drift == nil)
        run(&clock, &card, seconds: 4)
        #expect(clock.drift == nil)
        run(&clock, &card, from: 4 * 48_000, seconds: 2)
        #expect(clock.drift != nil)
    }

    @Test func `The line goes on to samples that have not come yet`() {
        var card = Card(partsPerMillion: 1_000)
        var clock = SampleClock(nominalRate: 48_000)
        run(&clock, &card, seconds: 60)
        let error = clock.time(of: 61 * 48_000) - card.time(of: 61 * 48_000)
        #expect(abs(error.microseconds) < 50)
    }

    @Test func `What was learned of the crystal outlives a break`() throws {
        var card = Card(partsPerMillion: 150, jitter: 0.001)
        var clock = SampleClock(nominalRate: 48_000)
        run(&clock, &card, seconds: 60)
        // Two seconds are lost, and numbers go on where they were.
        card.start = card.start + .seconds(2)
        clock.restart(sample: 60 * 48_000, at: card.stamp(of: 60 * 48_000))
        #expect(abs(try #require(clock.drift).partsPerMillion - 150) < 5)
        run(&clock, &card, from: 60 * 48_000, seconds: 1)
        #expect(abs(try #require(clock.drift).partsPerMillion - 150) < 5)
        let error = clock.time(of: 61 * 48_000) - card.time(of: 61 * 48_000)
        #expect(abs(error.milliseconds) < 2)
    }

    @Test func `A crystal that changes is followed`() throws {
        var card = Card(partsPerMillion: 0)
        var clock = SampleClock(nominalRate: 48_000, memory: .seconds(10))
        run(&clock, &card, seconds: 30)
        var time = card.time(of: 30 * 48_000)
        for period in 1...Int64(6_000) {
            time = time + .nanoseconds(9_990_010)
            #expect(clock.observe(sample: 30 * 48_000 + period * 480, at: time) == .taken)
        }
        #expect(abs(try #require(clock.drift).partsPerMillion - 1_000) < 20)
    }

    @Test func `A stamp far off is passed over`() throws {
        var card = Card()
        var clock = SampleClock(nominalRate: 48_000)
        run(&clock, &card, seconds: 10)
        let sample = Int64(10 * 48_000 + 480)
        #expect(clock.observe(sample: sample, at: card.time(of: sample) + .milliseconds(300)) == .outlying)
        #expect(abs((clock.time(of: sample) - card.time(of: sample)).microseconds) < 10)
        #expect(abs(try #require(clock.drift).partsPerMillion) < 1)
        run(&clock, &card, from: sample, seconds: 1)
    }

    @Test func `Many stamps far off are a jump`() {
        var card = Card()
        var clock = SampleClock(nominalRate: 48_000)
        run(&clock, &card, seconds: 10)
        card.start = card.start + .milliseconds(300)
        var observations: [SampleClock.Observation] = []
        for period in 1...Int64(11) {
            let sample = 10 * 48_000 + period * 480
            observations.append(clock.observe(sample: sample, at: card.stamp(of: sample)))
        }
        #expect(observations.prefix(9).allSatisfy { $0 == .outlying })
        guard case .jumped(let jump) = observations[9] else {
            Issue.record("no jump: \(observations)")
            return
        }
        #expect(abs(jump.milliseconds - 300) < 0.1)
        #expect(observations[10] == .taken)
    }

    @Test func `A number that does not rise is outlying`() {
        var clock = SampleClock(nominalRate: 48_000)
        #expect(clock.observe(sample: 480, at: MonotonicTime(seconds: 1)) == .taken)
        #expect(clock.observe(sample: 480, at: MonotonicTime(seconds: 1)) == .outlying)
        #expect(clock.observe(sample: 0, at: MonotonicTime(seconds: 1)) == .outlying)
        #expect(clock.observe(sample: 960, at: MonotonicTime(seconds: 1.01)) == .taken)
    }
}
