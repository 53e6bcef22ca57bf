import Media
import Testing
import Units

@testable import Capture

/// What heed makes of a driver's time stamps.
struct StampCheckTests {
    private let start = MonotonicTime(nanoseconds: 100_000_000_000)
    private func after(_ milliseconds: Int) -> MonotonicTime { start + .milliseconds(milliseconds) }

    @Test func aSoundStampIsTakenAsItIs() {
        var check = StampCheck()
        let taken = check.check(after(0), arrival: after(5))
        #expect(taken.time == after(0))
        #expect(taken.quality == .device)
    }

    @Test func withoutAClockTheArrivalCounts() {
        var check = StampCheck()
        let taken = check.check(nil, arrival: after(5))
        #expect(taken.time == after(5))
        #expect(taken.quality == .arrival)
        #expect(check.rejected == 0)
    }

    @Test(arguments: [
        ("in the future", 133 + 2), ("backwards", -1), ("as before", 100), ("more than ten seconds old", 133 - 10_001),
    ])
    func anImplausibleStampIsReplacedByTheArrivalLessTheShortestWay(_ what: String, _ stamp: Int) {
        var check = StampCheck()
        _ = check.check(after(0), arrival: after(20))
        _ = check.check(after(50), arrival: after(56))
        _ = check.check(after(100), arrival: after(109))
        let taken = check.check(after(stamp), arrival: after(133))
        #expect(taken.time == after(133 - 6), "\(what)")
        #expect(taken.quality == .repaired)
        #expect(check.rejected == 1)
    }

    @Test func aHairInTheFutureIsTheArrival() {
        var check = StampCheck()
        let taken = check.check(after(5) + .microseconds(400), arrival: after(5))
        #expect(taken.time == after(5))
        #expect(taken.quality == .device)
    }

    @Test func aStampOfZeroIsNoTime() {
        var check = StampCheck()
        let boot = MonotonicTime(nanoseconds: 5_000_000)
        #expect(check.check(MonotonicTime(nanoseconds: 0), arrival: boot).quality == .repaired)
    }

    @Test func theFirstFramesWayIsNotLearned() {
        var check = StampCheck()
        _ = check.check(after(0), arrival: after(0))
        _ = check.check(after(30), arrival: after(38))
        #expect(check.check(after(0), arrival: after(68)).time == after(60))
    }

    @Test func afterThreeBadStampsNoneIsBelieved() {
        var check = StampCheck()
        for frame in 0..<3 { _ = check.check(after(9_999), arrival: after(frame * 30)) }
        #expect(check.check(after(100), arrival: after(110)).quality == .repaired)
        #expect(check.rejected == 3)
    }

    @Test func timesAlwaysGrowAndAreNeverAfterTheArrival() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            var check = StampCheck()
            var arrival = start
            var last = MonotonicTime(nanoseconds: .min)
            for _ in 0..<50 {
                arrival = arrival + .nanoseconds(Int64.random(in: 1...100_000_000, using: &random))
                let stamp: MonotonicTime? =
                    switch Int.random(in: 0..<5, using: &random) {
                    case 0: nil
                    case 1: MonotonicTime(nanoseconds: .random(in: .min ... .max, using: &random))
                    default: arrival + .nanoseconds(-Int64.random(in: 0...40_000_000, using: &random))
                    }
                let taken = check.check(stamp, arrival: arrival)
                #expect(taken.time > last)
                #expect(taken.time <= max(arrival, last + .nanoseconds(1)))
                if taken.quality == .device { #expect(stamp.map { taken.time >= min($0, arrival) } == true) }
                last = taken.time
            }
        }
    }
}

/// How frames are numbered and losses counted.
struct SequenceCheckTests {
    private let period: Duration = .milliseconds(40)

    @Test func aGapInTheDriversCountIsLostFrames() {
        var check = SequenceCheck(first: 0, interval: period)
        #expect(check.take(7, elapsed: .zero) == (0, 0))
        #expect(check.take(8, elapsed: period) == (1, 0))
        #expect(check.take(11, elapsed: period * 3) == (4, 2))
        #expect(check.next == 5)
    }

    @Test func theCountGoesOnPastItsLargestNumber() {
        var check = SequenceCheck(first: 0, interval: period)
        _ = check.take(.max - 1, elapsed: .zero)
        #expect(check.take(1, elapsed: period * 3) == (3, 2))
    }

    @Test(arguments: [3, 4, 0] as [UInt32])
    func aCountThatDoesNotGrowLosesNothing(_ sequence: UInt32) {
        var check = SequenceCheck(first: 0, interval: period)
        _ = check.take(4, elapsed: .zero)
        #expect(check.take(sequence, elapsed: period) == (1, 0))
        #expect(check.breaks == 1)
    }

    @Test func aJumpThatNoTimeExplainsLosesNothing() {
        var check = SequenceCheck(first: 0, interval: period)
        _ = check.take(0, elapsed: .zero)
        #expect(check.take(99, elapsed: period) == (1, 0))
        #expect(check.take(100 + 49, elapsed: period * 50) == (51, 49))
        #expect(check.breaks == 1)
    }

    @Test func aStreamThatStartsAgainGoesOnInItsOwnNumbers() {
        var check = SequenceCheck(first: 10, interval: period)
        _ = check.take(500, elapsed: .zero)
        check.restart()
        #expect(check.take(0, elapsed: period) == (11, 0))
        #expect(check.breaks == 0)
    }

    @Test func everyNumberIsAFrameOrLost() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<200 {
            var check = SequenceCheck(first: 0, interval: period)
            var sequence = UInt32.random(in: 0 ... .max, using: &random)
            var frames = 0, lost = 0, dropped = -1
            for _ in 0..<100 {
                let step = UInt32.random(in: 1...6, using: &random)
                sequence &+= step
                dropped += frames == 0 ? 1 : Int(step) - 1
                let taken = check.take(sequence, elapsed: period * Int(step))
                frames += 1
                lost += taken.lost
                #expect(taken.number == frames + lost - 1)
            }
            #expect(lost == dropped)
        }
    }
}

/// The judgement of whole buffers, and of streams that give nothing.
struct FrameIntakeTests {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000_000)

    private func buffer(_ sequence: UInt32, bytes: Int = 100, flagged: Bool = false) -> DequeuedBuffer {
        DequeuedBuffer(index: 0, sequence: sequence, byteCount: bytes, isDamaged: flagged, stamp: nil)
    }

    @Test func flaggedAndShortBuffersAreDamagedAndCounted() {
        var intake = FrameIntake(first: 0, interval: .milliseconds(33), leastBytes: 100)
        #expect(intake.take(buffer(0), arrival: start).damage == nil)
        #expect(intake.take(buffer(1, flagged: true), arrival: start).damage == .flagged)
        #expect(intake.take(buffer(2, bytes: 99), arrival: start).damage == .truncated)
        #expect(intake.frames == 3)
        #expect(intake.goodFrames == 1)
    }

    @Test func framesThatWaitedWhileTheThreadWasHeldUpDoNotHideTheGapAfterThem() {
        var intake = FrameIntake(first: 0, interval: .milliseconds(40), leastBytes: 100)
        var lost: [Int] = []
        for (sequence, arrival) in [(0, 5), (1, 45), (2, 2000), (3, 2000), (4, 2001), (50, 2005), (51, 2045)] {
            var buffer = buffer(UInt32(sequence))
            buffer.stamp = start + .milliseconds(sequence * 40)
            lost.append(intake.take(buffer, arrival: start + .milliseconds(arrival)).lost)
        }
        #expect(lost == [0, 0, 0, 0, 0, 45, 0])
        #expect(intake.next == 52)
    }

    @Test func onlyDamagedFramesInARowAreABurst() {
        var intake = FrameIntake(first: 0, interval: .milliseconds(33), leastBytes: 100)
        for sequence in 0..<7 { _ = intake.take(buffer(UInt32(sequence), flagged: true), arrival: start) }
        #expect(!intake.isBurst)
        _ = intake.take(buffer(7), arrival: start)
        for sequence in 8..<16 { _ = intake.take(buffer(UInt32(sequence), flagged: true), arrival: start) }
        #expect(intake.isBurst)
    }

    @Test func aStreamStallsAfterTwoSecondsOrTenIntervals() {
        var quick = StallWatchdog(interval: .milliseconds(33), now: start)
        #expect(!quick.hasStalled(now: start + .milliseconds(4_999)))
        quick.fed(now: start)
        #expect(!quick.hasStalled(now: start + .milliseconds(1_999)))
        #expect(quick.hasStalled(now: start + .seconds(2)))
        #expect(quick.patience(now: start + .milliseconds(1_999) + .nanoseconds(1)) == 1)
        var slow = StallWatchdog(interval: .seconds(1), now: start)
        slow.fed(now: start)
        #expect(!slow.hasStalled(now: start + .milliseconds(9_999)))
        #expect(slow.hasStalled(now: start + .seconds(10)))
    }
}
