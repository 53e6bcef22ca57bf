import Testing
import Units

@testable import Alert

/// The Kalman filter's equations, written out over arrays.
private struct Reference {
    var state = [1.0] + Array(repeating: 0.0, count: 7)
    var covariance: [[Double]]
    var noise: Double
    var process = 0.1
    var correction = 0.0
    private let retention = [1.0] + Array(repeating: 0.99, count: 7)
    private let mobility = [1.0, 1.0] + Array(repeating: 0.25, count: 6)

    init(noise: Double) {
        self.noise = noise
        let mobility = mobility
        covariance = (0..<8).map { row in (0..<8).map { $0 == row ? 0.1 * mobility[row] : 0 } }
    }

    func quadratic(_ f: [Double]) -> Double {
        (0..<8).reduce(0) { sum, row in sum + (0..<8).reduce(0) { $0 + f[row] * covariance[row][$1] * f[$1] } }
    }

    mutating func observe(_ z: Double, _ f: [Double]) {
        process = min(max(0.3 * process + 0.7 * correction * correction, 1e-3), 0.1)
        let expected = zip(state, f).map(*).reduce(0, +)
        let bound = expected + 1.6448536269514722 * (quadratic(f) + noise * noise * expected * expected).squareRoot()
        noise *= z > bound ? 1.2092495976572515 : 0.9900498337491681
        noise = min(max(noise, 0.003), 1)
        for row in 0..<8 {
            state[row] *= retention[row]
            for column in 0..<8 { covariance[row][column] *= retention[row] * retention[column] }
            covariance[row][row] += process * mobility[row]
        }
        let product = (0..<8).map { row in (0..<8).reduce(0) { $0 + covariance[row][$1] * f[$1] } }
        let spread = noise * min(expected, 2 * z)
        let variance = quadratic(f) + max(spread * spread, 1e-6)
        let innovation = z - zip(state, f).map(*).reduce(0, +)
        for row in 0..<8 {
            state[row] += product[row] / variance * innovation
            for column in 0..<8 { covariance[row][column] -= product[row] * product[column] / variance }
        }
        correction = product[0] / variance * innovation
    }
}

@Suite struct FactoredSlowdownTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `It is the Kalman filter that its equations say`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var filter = FactoredSlowdown(noise: 0.05)
        var reference = Reference(noise: 0.05)
        for _ in 0..<2000 {
            let (memory, kind) = (generator.uniform(-0.5...0.5), Int(generator.share() * 8))
            let features = FactoredSlowdown.features(memory: memory, kind: kind)
            let slowdown = generator.uniform(0.8...2) * (1 + memory * 0.5)
            filter.observe(slowdown, features)
            reference.observe(slowdown, (0..<8).map { features[$0] })
            for index in 0..<8 { #expect(abs(filter.state[index] - reference.state[index]) < 1e-9) }
        }
    }

    @Test func `What slows memory down is told from what slows all down`() {
        var generator = SeededGenerator(seed: 8)
        var filter = FactoredSlowdown(noise: 0.03)
        func run(_ level: Double, _ slope: Double) {
            for _ in 0..<300 {
                let memory = generator.share() < 0.5 ? -0.3 : 0.3
                let slowdown = (level + slope * memory) * (1 + 0.03 * generator.normal())
                filter.observe(slowdown, FactoredSlowdown.features(memory: memory, kind: 0))
            }
        }
        run(1.6, 1)
        #expect(abs(filter.mean(memory: -0.3, kind: 0) - 1.3) < 0.12)
        #expect(abs(filter.mean(memory: 0.3, kind: 0) - 1.9) < 0.12)
        run(1.4, 0)
        #expect(abs(filter.mean(memory: -0.3, kind: 0) - 1.4) < 0.08)
        #expect(abs(filter.mean(memory: 0.3, kind: 0) - 1.4) < 0.08)
    }

    @Test func `A kind that is slower is found, and is forgotten`() {
        var generator = SeededGenerator(seed: 9)
        var filter = FactoredSlowdown(noise: 0.03)
        for round in 0..<600 {
            let slowdown = (round % 2 == 0 ? 1 : 1.5) * (1 + 0.03 * generator.normal())
            filter.observe(slowdown, FactoredSlowdown.features(memory: 0, kind: round % 2))
        }
        #expect(abs(filter.mean(memory: 0, kind: 0) - 1) < 0.08)
        #expect(abs(filter.mean(memory: 0, kind: 1) - 1.5) < 0.08)
        for _ in 0..<1000 { filter.observe(1, FactoredSlowdown.features(memory: 0, kind: 0)) }
        #expect(abs(filter.mean(memory: 0, kind: 1) - 1) < 0.02)
    }

    @Test func `Times of nothing and stalls leave it whole`() {
        var filter = FactoredSlowdown(noise: 0.03)
        for slowdown in [0, 0, 1e9, 0, 1, 1e300] {
            filter.observe(slowdown, FactoredSlowdown.features(memory: 0.3, kind: 1))
            #expect(filter.mean(memory: 0.3, kind: 1) > 0)
            #expect(filter.mean(memory: -0.3, kind: 9).isFinite)
        }
    }
}
