import Testing
import Units

@testable import Dashboard

struct TimeSketchTests {
    @Test func `Percentiles are good to one percent`() {
        var sketch = TimeSketch()
        var random = SeededGenerator(seed: 1)
        var times = (0..<10_000).map { _ in 0.001 + random.share() }
        for time in times { sketch.record(time) }
        times.sort()
        for share in [0.5, 0.95, 0.99] {
            let exact = times[Int((share * Double(times.count)).rounded(.up)) - 1]
            #expect(abs(sketch.value(share: share) / exact - 1) < 0.01)
        }
        #expect(sketch.longest == times.last)
    }

    @Test func `Without times there is nothing, and no time is too short or too long`() {
        var sketch = TimeSketch()
        #expect(sketch.value(share: 0.5) == 0)
        sketch.record(0)
        sketch.record(1e9)
        sketch.record(.nan)
        #expect(sketch.count == 2)
        #expect(sketch.longest == 1e9)
    }
}
