import Media
import Testing
import Units

@testable import Capture

struct SoundStampCheckTests {
    private let now = MonotonicTime(seconds: 100)

    @Test func `A plausible stamp is the device's`() {
        var check = SoundStampCheck(stampsAreMonotonic: true)
        let stamp = now + .milliseconds(-3)
        let checked = check.check(stamp, now: now)
        #expect(checked.time == stamp && checked.quality == .device)
        #expect(check.rejected == 0)
    }

    @Test(arguments: [Duration.milliseconds(20), .seconds(-10), .seconds(-100)])
    func `A stamp from the future or long ago is replaced`(offset: Duration) {
        var check = SoundStampCheck(stampsAreMonotonic: true)
        let checked = check.check(now + offset, now: now)
        #expect(checked.time == now && checked.quality == .repaired)
        #expect(check.rejected == 1)
    }

    @Test func `A stamp that goes back is replaced`() {
        var check = SoundStampCheck(stampsAreMonotonic: true)
        _ = check.check(now, now: now)
        let checked = check.check(now + .milliseconds(-5), now: now + .milliseconds(10))
        #expect(checked.quality == .repaired)
        #expect(check.check(now + .milliseconds(15), now: now + .milliseconds(20)).quality == .device)
    }

    @Test func `A card that stamps nonsense is not asked any more`() {
        var check = SoundStampCheck(stampsAreMonotonic: true)
        for _ in 0..<5 { #expect(check.check(MonotonicTime(nanoseconds: 0), now: now).quality == .repaired) }
        #expect(check.check(now, now: now).quality == .arrival)
    }

    @Test func `A card with another clock is not believed`() {
        var check = SoundStampCheck(stampsAreMonotonic: false)
        #expect(check.check(now, now: now).quality == .arrival)
        #expect(check.rejected == 0)
    }
}
