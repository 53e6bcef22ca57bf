import Glibc
import Testing
import Units

@testable import Alert

/// The paper's equations as they are printed, with all their indices: K(n−1), y(n−1), s2(n−1) are kept apart.
private struct PaperReference {
    var mu = [1.0]
    var s2 = [0.1]
    var q = [0.1]
    var k = [0.5]
    var y = [0.0]

    mutating func observe(_ z: Double) {
        let n = mu.count
        q.append(max(0.1, 0.3 * q[n - 1] + 0.7 * (k[n - 1] * y[n - 1]) * (k[n - 1] * y[n - 1])))
        k.append(((1 - k[n - 1]) * s2[n - 1] + q[n]) / ((1 - k[n - 1]) * s2[n - 1] + q[n] + 0.001))
        y.append(z - mu[n - 1])
        mu.append(mu[n - 1] + k[n] * y[n])
        s2.append((1 - k[n - 1]) * s2[n - 1] + q[n])
    }
}

/// The default's equations, written out once more from docs/policies.md.
private struct DefaultReference {
    var mu = 1.0
    var s2 = 0.1
    var q = 0.1
    var k = 0.5
    var y = 0.0
    var rho: Double
    var sigma: Double { sqrt((1 - k) * s2 + pow(rho * mu, 2)) }

    mutating func observe(_ z: Double) {
        let bound = mu + 1.6448536269514722 * sigma
        q = min(max(0.3 * q + 0.7 * pow(k * y, 2), 1e-3), 0.1)
        s2 = (1 - k) * s2 + q
        k = s2 / (s2 + max(pow(rho * min(mu, 2 * z), 2), 1e-6))
        y = z - mu
        mu += k * y
        rho = min(max(rho * exp(0.2 * ((z > bound ? 1 : 0) - 0.05)), 0.003), 1)
    }
}

@Suite struct SlowdownFilterTests {
    private let standard = Estimator.Constants.standard.slowdown(0.05)
    private let paper = AlertPolicy.Variant.paper.estimates.slowdown(0.05)

    @Test func `The paper's preset follows the paper's equations`() {
        var generator = SeededGenerator(seed: 1)
        var filter = SlowdownFilter(paper)
        var reference = PaperReference()
        for n in 0..<2000 {
            let slowdown = (n / 100 % 2 == 0 ? 1 : 1.6) * generator.uniform(0.8...1.3)
            filter.observe(slowdown, isCensored: false)
            reference.observe(slowdown)
            #expect(abs(filter.estimate.mean - reference.mu[n + 1]) < 1e-9)
            #expect(abs(filter.estimate.standardDeviation - sqrt(reference.s2[n + 1])) < 1e-9)
        }
    }

    @Test func `The default follows its own equations`() {
        var generator = SeededGenerator(seed: 2)
        var filter = SlowdownFilter(standard)
        var reference = DefaultReference(rho: 0.05)
        for n in 0..<2000 {
            let slowdown = (n / 100 % 2 == 0 ? 1 : 1.6) * generator.uniform(0.8...1.3)
            filter.observe(slowdown, isCensored: false)
            reference.observe(slowdown)
            #expect(abs(filter.estimate.mean - reference.mu) < 1e-9)
            #expect(abs(filter.estimate.standardDeviation - reference.sigma) < 1e-9)
        }
    }

    @Test func `The paper's floor keeps it unsure on a steady machine, the default learns to be sure`() {
        var paper = SlowdownFilter(paper)
        var standard = SlowdownFilter(standard)
        for _ in 0..<500 {
            paper.observe(1, isCensored: false)
            standard.observe(1, isCensored: false)
        }
        #expect(paper.estimate.standardDeviation > 0.31)
        #expect(standard.estimate.standardDeviation < 0.02)
    }

    @Test func `A lasting slow-down is followed within two inferences`() {
        var generator = SeededGenerator(seed: 3)
        var filter = SlowdownFilter(standard)
        for _ in 0..<300 { filter.observe(1 + 0.03 * generator.normal(), isCensored: false) }
        for _ in 0..<2 { filter.observe(1.6 * (1 + 0.03 * generator.normal()), isCensored: false) }
        #expect(abs(filter.estimate.mean - 1.6) < 0.15)
    }

    @Test(arguments: [4.0, 40, 1e6, .infinity])
    func `One stall, however long, is forgotten within a few inferences`(_ stall: Double) {
        var generator = SeededGenerator(seed: 4)
        var filter = SlowdownFilter(standard)
        for _ in 0..<300 { filter.observe(1 + 0.03 * generator.normal(), isCensored: false) }
        filter.observe(stall, isCensored: false)
        #expect(filter.estimate.mean > 2)
        for _ in 0..<8 { filter.observe(1 + 0.03 * generator.normal(), isCensored: false) }
        #expect(abs(filter.estimate.mean - 1) < 0.1)
    }

    @Test func `A stopped inference never makes the machine look faster`() {
        var filter = SlowdownFilter(standard)
        for _ in 0..<50 { filter.observe(2, isCensored: false) }
        let before = filter.estimate
        filter.observe(0.5, isCensored: true)
        #expect(filter.estimate.mean >= before.mean)
    }

    @Test func `Inferences stopped within the bound do not make the filter surer`() {
        var generator = SeededGenerator(seed: 5)
        var filter = SlowdownFilter(standard)
        for _ in 0..<500 { filter.observe(1 + 0.1 * generator.normal(), isCensored: false) }
        let before = filter.estimate.standardDeviation
        for _ in 0..<200 { filter.observe(1, isCensored: true) }
        #expect(filter.estimate.standardDeviation > 0.8 * before)
    }

    @Test func `A stopped inference that took longer than expected counts with what it took`() {
        var stopped = SlowdownFilter(standard)
        var finished = SlowdownFilter(standard)
        for _ in 0..<50 {
            stopped.observe(1, isCensored: false)
            finished.observe(1, isCensored: false)
        }
        stopped.observe(3, isCensored: true)
        finished.observe(3, isCensored: false)
        #expect(stopped.estimate == finished.estimate)
        #expect(stopped.estimate.mean > 2)
    }

    @Test func `A measured time of zero leaves finite figures`() {
        for constants in [standard, paper] {
            var filter = SlowdownFilter(constants)
            for _ in 0..<1000 { filter.observe(0, isCensored: false) }
            #expect(filter.estimate.mean.isFinite)
            #expect(filter.estimate.standardDeviation > 0)
        }
    }
}
