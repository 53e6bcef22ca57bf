import Alert
import Testing
import Units

@Suite struct OverheadEstimateTests {
    @Test func `Nothing observed is no overhead`() {
        #expect(OverheadEstimate().value == .zero)
    }

    @Test func `A constant overhead is found at once`() {
        var estimate = OverheadEstimate()
        for _ in 0..<20 {
            estimate.observe(.microseconds(400))
            #expect(abs(estimate.value.microseconds - 400) < 1)
        }
    }

    @Test func `Spread is allowed for`() {
        var generator = SeededGenerator(seed: 21)
        var estimate = OverheadEstimate()
        var covered = 0
        for run in 0..<2000 {
            let overhead = Duration.nanoseconds(Int64(generator.uniform(300e3...500e3)))
            if run >= 100, overhead <= estimate.value { covered += 1 }
            estimate.observe(overhead)
        }
        #expect(covered > 1700)
        #expect(estimate.value < .microseconds(600))
    }

    @Test func `One stall does not spoil the next second`() {
        var estimate = OverheadEstimate()
        for _ in 0..<100 { estimate.observe(.microseconds(400)) }
        estimate.observe(.seconds(2))
        #expect(estimate.value < .milliseconds(1))
    }

    @Test func `A lasting change is followed`() {
        var estimate = OverheadEstimate()
        for _ in 0..<100 { estimate.observe(.microseconds(400)) }
        for _ in 0..<200 { estimate.observe(.milliseconds(20)) }
        #expect(abs(estimate.value.milliseconds - 20) < 2)
    }
}
