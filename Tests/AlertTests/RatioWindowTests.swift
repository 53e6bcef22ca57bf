import Glibc
import Testing
import Units

@testable import Alert

@Suite struct RatioWindowTests {
    private func filled(_ values: [Double]) -> RatioWindow {
        var window = RatioWindow()
        for value in values { window.observe(value) }
        return window
    }

    @Test(arguments: [30, 100, 200, 777])
    func `In the body it is the sorted ratios' own distribution`(_ count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let values = (0..<count).map { _ in generator.uniform(0.5...1.5) }
        let window = filled(values)
        let sorted = values.suffix(RatioWindow.capacity).sorted()
        for knot in 1..<24 {
            let share = 0.9 * Double(knot) / 23
            let position = max(share * Double(sorted.count + 1) - 1, 0)
            let below = min(Int(position), sorted.count - 2)
            let exact = sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
            #expect(abs(window.observedQuantile(share) - exact) < 1e-12)
            #expect(abs(window.cumulative(window.quantile(share)) - share) < 1e-9)
        }
    }

    @Test func `It forgets what is older than its capacity`() {
        let window = filled(Array(repeating: 5, count: 300) + Array(repeating: 1, count: RatioWindow.capacity))
        #expect(window.cumulative(1.2) > 0.89)
        #expect(window.mean(above: 2) == 2)
    }

    @Test(arguments: [-0.3, 0.1, 0.3])
    func `The tail is that of Hosking and Wallis`(_ shape: Double) {
        var generator = SeededGenerator(seed: 11)
        // Excesses of a generalised Pareto distribution of scale 0.2 above 1, all of them.
        let values = (0..<200).map { _ in 1 + 0.2 * (pow(1 - generator.share(), -shape) - 1) / shape }
        let window = filled(values)
        let (found, scale) = window.tail(above: 1)
        let excesses = values.map { $0 - 1 }.sorted()
        let mean = excesses.reduce(0, +) / 200
        let weighted =
            excesses.enumerated().reduce(0) {
                $0 + (1 - (Double($1.offset) + 1 - 0.35) / 200) * $1.element
            } / 200
        #expect(abs(found - (2 - mean / (mean - 2 * weighted))) < 1e-9)
        #expect(abs(scale - 2 * mean * weighted / (mean - 2 * weighted)) < 1e-9)
        #expect(abs(found - shape) < 0.25)
        #expect(abs(scale - 0.2) < 0.06)
    }

    @Test func `It rises from 0 to 1 and never falls`() {
        var generator = SeededGenerator(seed: 12)
        let window = filled((0..<200).map { _ in exp(0.3 * generator.normal()) })
        var before = 0.0
        for step in 0...4000 {
            let share = window.cumulative(Double(step) * 0.002)
            #expect(share >= before && share <= 1)
            before = share
        }
        #expect(before > 0.999)
    }

    @Test(arguments: [0.8, 0.95, 0.99], [0, 0.02, 0.05])
    func `A promise is kept whatever the distribution`(_ level: Double, _ stalls: Double) {
        var generator = SeededGenerator(seed: 13)
        var window = RatioWindow()
        var covered = 0
        for run in 0..<20_200 {
            let stall = generator.share() < stalls ? generator.uniform(1.5...4) : 1
            let ratio = stall * exp(0.05 * generator.normal())
            if run >= 200, ratio <= window.quantile(level) { covered += 1 }
            window.observe(ratio)
        }
        #expect(abs(Double(covered) / 20_000 - level) < 0.025)
    }

    @Test func `A miss widens the bounds at once`() {
        var generator = SeededGenerator(seed: 14)
        var window = filled((0..<200).map { _ in generator.uniform(0.9...1.1) })
        let (bound, width) = (window.quantile(0.95), window.width)
        window.observe(2)
        #expect(window.width > 1.09 * width)
        #expect(window.quantile(0.95) > bound)
    }

    @Test func `Above a bound it expects the mean of those that were`() {
        let window = filled((0..<100).map { Double($0) / 100 })
        #expect(abs(window.mean(above: 0.895) - 0.945) < 1e-9)
        #expect(window.mean(above: 7) == 7)
    }
}
