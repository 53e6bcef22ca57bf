import Testing

@testable import Alert

@Suite struct NormalDistributionTests {
    private let normal = NormalDistribution.shared

    @Test func `The table is within a millionth of erfc everywhere`() {
        var worst = 0.0
        for step in -80_000...80_000 {
            let z = Double(step) * 1e-4 + 3.7e-5
            worst = max(worst, abs(normal.cumulative(z) - exactNormal(z)))
        }
        #expect(worst < 1e-6)
    }

    @Test func `It never falls, and is certain far out`() {
        var last = 0.0
        for step in -60_000...60_000 {
            let value = normal.cumulative(Double(step) * 1e-4)
            #expect(value >= last)
            last = value
        }
        #expect(normal.cumulative(-5) == 0)
        #expect(normal.cumulative(5) == 1)
        #expect(normal.cumulative(.infinity) == 1)
        #expect(normal.cumulative(-.infinity) == 0)
    }

    @Test(arguments: [0.001, 0.05, 0.25, 0.5, 0.6, 0.9, 0.95, 0.99, 0.9999])
    func `The quantile undoes it`(_ p: Double) {
        #expect(abs(normal.cumulative(normal.quantile(p)) - p) < 1e-12)
    }

    @Test func `The quantile is finite at the ends`() {
        #expect(normal.quantile(0) == -5)
        #expect(normal.quantile(1) == 5)
        #expect(abs(normal.quantile(0.95) - 1.6448536) < 1e-5)
    }
}
