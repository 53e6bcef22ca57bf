import Media
import Testing
import Units

@testable import Capture

struct SoundRecoveryTests {
    private let start = MonotonicTime(seconds: 100)
    private var recovery = SoundRecovery(now: MonotonicTime(seconds: 100))

    private func at(_ seconds: Double) -> MonotonicTime { start + .seconds(seconds) }

    @Test mutating func `Sound is followed by more`() {
        #expect(recovery.handle(.running, at: at(0)) == .read)
        for period in 1...1_000 { #expect(recovery.handle(.sound, at: at(Double(period) * 0.01)) == .read) }
    }

    @Test mutating func `An overrun restarts the stream`() {
        #expect(recovery.handle(.fault(.overrun), at: at(1)) == .restart)
        #expect(recovery.handle(.running, at: at(1)) == .read)
        #expect(recovery.handle(.sound, at: at(1.01)) == .read)
    }

    @Test mutating func `A card that falls asleep all the time is opened anew`() {
        for _ in 0..<5 {
            #expect(recovery.handle(.fault(.suspended), at: at(1)) == .resume(after: .zero))
            #expect(recovery.handle(.running, at: at(1)) == .read)
        }
        #expect(recovery.handle(.fault(.suspended), at: at(1)) == .reopen(after: .milliseconds(250)))
    }

    @Test mutating func `Five restarts in two seconds are the most`() {
        for number in 0..<5 {
            #expect(recovery.handle(.fault(.overrun), at: at(Double(number) * 0.3)) == .restart)
            #expect(recovery.handle(.running, at: at(Double(number) * 0.3)) == .read)
            #expect(recovery.handle(.sound, at: at(Double(number) * 0.3 + 0.1)) == .read)
        }
        #expect(recovery.handle(.fault(.overrun), at: at(1.9)) == .reopen(after: .milliseconds(250)))
        #expect(recovery.handle(.running, at: at(2)) == .read)
        #expect(recovery.handle(.fault(.overrun), at: at(2.1)) == .restart)
    }

    @Test mutating func `Restarts that are far apart go on for ever`() {
        for number in 0..<100 {
            #expect(recovery.handle(.fault(.overrun), at: at(Double(number) * 0.41)) == .restart)
            #expect(recovery.handle(.running, at: at(Double(number) * 0.41)) == .read)
        }
    }

    @Test mutating func `A restart that fails at once cannot loop`() {
        var actions: [SoundRecovery.Action] = []
        for _ in 0..<8 { actions.append(recovery.handle(.fault(.overrun), at: at(1))) }
        #expect(actions.prefix(5).allSatisfy { $0 == .restart })
        #expect(actions[5] == .reopen(after: .milliseconds(250)))
    }

    @Test mutating func `A card that keeps failing is opened anew`() {
        for _ in 0..<3 {
            #expect(recovery.handle(.fault(.inputOutput), at: at(1)) == .restart)
            #expect(recovery.handle(.running, at: at(1)) == .read)
        }
        #expect(recovery.handle(.fault(.inputOutput), at: at(1)) == .reopen(after: .milliseconds(250)))
    }

    @Test mutating func `Silence is a stall after a second`() {
        #expect(recovery.handle(.sound, at: at(1)) == .read)
        #expect(recovery.handle(.silence, at: at(1.5)) == .read)
        #expect(recovery.handle(.silence, at: at(1.99)) == .read)
        #expect(recovery.handle(.silence, at: at(2)) == .restart)
        #expect(recovery.handle(.running, at: at(2)) == .read)
        #expect(recovery.handle(.silence, at: at(2.03)) == .read)
    }

    @Test mutating func `A stall that restarts do not end is met by opening anew`() {
        var actions: [SoundRecovery.Action] = []
        for number in 1...400 {
            let action = recovery.handle(.silence, at: at(Double(number) * 0.03))
            if action == .restart { _ = recovery.handle(.running, at: at(Double(number) * 0.03)) }
            if action != .read { actions.append(action) }
            if action == .reopen(after: .milliseconds(250)) { break }
        }
        #expect(actions == [.restart, .restart, .restart, .reopen(after: .milliseconds(250))])
    }

    @Test mutating func `A sleeping card is woken, with patience`() {
        #expect(recovery.handle(.fault(.suspended), at: at(1)) == .resume(after: .zero))
        #expect(recovery.handle(.notYet, at: at(1)) == .resume(after: SoundRecovery.resumptionWait))
        #expect(recovery.handle(.running, at: at(1.5)) == .read)
    }

    @Test mutating func `A card that does not wake up is opened anew`() {
        #expect(recovery.handle(.fault(.suspended), at: at(1)) == .resume(after: .zero))
        for number in 1...4 {
            #expect(
                recovery.handle(.notYet, at: at(1 + Double(number))) == .resume(after: SoundRecovery.resumptionWait))
        }
        #expect(recovery.handle(.notYet, at: at(9)) == .reopen(after: .milliseconds(250)))
    }

    @Test mutating func `A card that cannot resume is restarted`() {
        #expect(recovery.handle(.fault(.suspended), at: at(1)) == .resume(after: .zero))
        #expect(recovery.handle(.unsupported, at: at(1)) == .restart)
        #expect(recovery.handle(.running, at: at(1)) == .read)
    }

    @Test mutating func `A card that is gone is looked for until it is back`() {
        #expect(recovery.handle(.fault(.disconnected), at: at(1)) == .reopen(after: .milliseconds(250)))
        #expect(recovery.handle(.notThere, at: at(1.25)) == .reopen(after: .milliseconds(250)))
        #expect(recovery.handle(.notThere, at: at(1.5)) == .reopen(after: .milliseconds(500)))
        for number in 0..<1_000 {
            #expect(recovery.handle(.notThere, at: at(2 + Double(number))) == .reopen(after: .seconds(1)))
        }
        #expect(recovery.handle(.running, at: at(1_002)) == .read)
        #expect(recovery.handle(.sound, at: at(1_002.01)) == .read)
        #expect(recovery.handle(.fault(.disconnected), at: at(1_003)) == .reopen(after: .milliseconds(250)))
    }

    @Test mutating func `A card that comes back broken is looked for again`() {
        #expect(recovery.handle(.fault(.disconnected), at: at(1)) == .reopen(after: .milliseconds(250)))
        #expect(recovery.handle(.fault(.inputOutput), at: at(2)) == .reopen(after: .milliseconds(250)))
        #expect(recovery.handle(.fault(.disconnected), at: at(3)) == .reopen(after: .milliseconds(500)))
    }

    @Test mutating func `What repairs nothing else is opening anew`() {
        #expect(recovery.handle(.fault(.other(61)), at: at(1)) == .reopen(after: .milliseconds(250)))
    }

    @Test func `No order of events makes it spin`() {
        let events: [SoundRecovery.Event] = [
            .sound, .silence, .running, .notYet, .unsupported, .notThere, .fault(.overrun), .fault(.suspended),
            .fault(.disconnected), .fault(.badState), .fault(.inputOutput), .fault(.stalled), .fault(.other(5)),
        ]
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<200 {
            var recovery = SoundRecovery(now: start)
            var attempts = 0
            for _ in 0..<200 {
                // All at one moment: without sound, some action must wait before long.
                let event = events[Int.random(in: 1..<events.count, using: &generator)]
                switch recovery.handle(event, at: start) {
                case .restart, .resume(.zero): attempts += 1
                case .read, .resume, .reopen: attempts = 0
                }
                #expect(attempts <= 10)
            }
        }
    }
}
