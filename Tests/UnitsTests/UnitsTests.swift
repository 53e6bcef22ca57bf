import Testing
import Units

struct UnitsTests {
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
