import Testing
import Units

@testable import Alert

@Suite struct RatioFilterTests {
    @Test func `It follows the paper's equations`() {
        var generator = SeededGenerator(seed: 11)
        var filter = RatioFilter(initial: 0.3)
        var (m, phi) = (0.01, 0.3)
        for _ in 0..<500 {
            let ratio = generator.uniform(0.1...0.6)
            let w = (m + 0.0001) / (m + 0.0001 + 0.001)
            m = (1 - w) * (m + 0.0001)
            phi += w * (ratio - phi)
            filter.observe(ratio)
            #expect(abs(filter.value - phi) < 1e-12)
        }
    }

    @Test func `It settles on a constant ratio`() {
        var filter = RatioFilter(initial: 0.9)
        for _ in 0..<50 { filter.observe(0.4) }
        #expect(abs(filter.value - 0.4) < 1e-3)
    }

    @Test(arguments: [Double.nan, .infinity, -1])
    func `What is no ratio is passed over`(_ ratio: Double) {
        var filter = RatioFilter(initial: 0.5)
        filter.observe(ratio)
        #expect(filter == RatioFilter(initial: 0.5))
    }
}
