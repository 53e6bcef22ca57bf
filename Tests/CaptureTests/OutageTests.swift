import Glibc
import Media
import Testing
import Units

@testable import Capture

/// What a camera that was away has not delivered.
struct OutageTests {
    @Test func anOutageIsToldBeforeTheNextFrameAndTakesItsNumbers() throws {
        let capturing = try Capturing([.frame(0), .pause])
        var loop = capturing.loop(pool: 0, first: 10, since: .now() + .milliseconds(-330))
        try loop.start()
        _ = loop.run()
        guard
            case .missing(.outage(let first, let count, let from, let to))? = try capturing.mailbox.next(until: .now()),
            case .frame(let frame)? = try capturing.mailbox.next(until: .now())
        else {
            Issue.record("no outage was told")
            return
        }
        #expect(first == 10)
        #expect(count >= 9)
        #expect(to - from >= .milliseconds(330))
        #expect(frame.number == first + count)
    }

    @Test func aStreamThatIsLostLeavesAnOutageOpenUntilAFrameComes() throws {
        let capturing = try Capturing([.frame(0), .fail(ENODEV), .frame(1)])
        var loop = capturing.loop(pool: 0)
        try loop.start()
        let whileItStreams = loop.outageSince
        _ = loop.run()
        let afterItsLoss = loop.outageSince
        try loop.restart()
        let end = loop.run()
        let afterAFrame = loop.outageSince
        guard case .frame(let first)? = try capturing.mailbox.next(until: .now()) else {
            Issue.record("the frame before the loss is not there")
            return
        }
        #expect(end == .stopped)
        #expect(whileItStreams == nil && afterItsLoss == first.captured && afterAFrame == nil)
    }

    @Test(arguments: [(0, 0), (40, 0), (50, 0), (70, 1), (80, 1), (1_000, 24), (600_000, 14_999), (-40, 0)])
    func anAbsenceIsCountedByTheInterval(milliseconds: Int, count: Int) {
        let from = MonotonicTime(nanoseconds: 5_000_000_000)
        let to = from + .milliseconds(milliseconds)
        let missing = MissingFrames.away(first: 7, from: from, to: to, interval: .milliseconds(40))
        #expect(missing == .outage(first: 7, count: count, from: from, to: to))
    }
}
