import Testing
import Units

struct UnitsTests {
    @Test(arguments: [0, 1, -1, 40_000_000, 18_446_744_073, 18_446_744_074, -60_000_000_001, .min, .max] as [Int64])
    func `A duration has the nanoseconds it was made of, and the seconds of its parts`(_ nanoseconds: Int64) {
        let duration = Duration(nanoseconds: nanoseconds)
        #expect(duration == .nanoseconds(nanoseconds))
        let parts = duration.components
        #expect(duration.seconds == Double(parts.seconds) + Double(parts.attoseconds) * 1e-18)
    }

    @Test func powerOverTimeIsEnergy() {
        #expect(Watts(6) * .milliseconds(500) == Joules(3))
        #expect(Joules(3) / .milliseconds(500) == Watts(6))
    }

    @Test func aDurationConvertsToEachUnit() {
        let duration = Duration.microseconds(1_500)
        #expect(duration.seconds == 0.0015)
        #expect(duration.milliseconds == 1.5)
        #expect(duration.microseconds == 1_500)
        #expect(duration.nanoseconds == 1_500_000)
        #expect((Duration.zero - duration).nanoseconds == -1_500_000)
    }
}
