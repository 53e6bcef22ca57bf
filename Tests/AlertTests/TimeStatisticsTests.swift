import Alert
import Foundation
import Testing
import Units

@Suite struct TimeStatisticsTests {
    @Test func `Percentiles of a shuffled series are those of the sorted one`() {
        var generator = SeededGenerator(seed: 31)
        let samples = (0...100).map { Duration.milliseconds($0) }.shuffled(using: &generator)
        let statistics = TimeStatistics(samples: samples)
        #expect(statistics.runs == 101)
        #expect(abs(statistics.median - 50) < 1e-9)
        #expect(abs(statistics.mean - 50) < 1e-9)
        #expect(abs(statistics.minimum) < 1e-9)
        #expect(abs(statistics.p90 - 90) < 1e-9)
        #expect(abs(statistics.p95 - 95) < 1e-9)
        #expect(abs(statistics.p99 - 99) < 1e-9)
        #expect(abs(statistics.maximum - 100) < 1e-9)
        #expect(abs(statistics.standardDeviation - 850.0.squareRoot()) < 1e-9)
    }

    @Test func `Between two runs a percentile is interpolated`() {
        let statistics = TimeStatistics(samples: [.milliseconds(20), .milliseconds(10)])
        #expect(abs(statistics.median - 15) < 1e-9)
        #expect(abs(statistics.p90 - 19) < 1e-9)
    }

    @Test func `One run is its own statistics`() {
        let statistics = TimeStatistics(samples: [.milliseconds(7)])
        #expect(statistics.minimum == statistics.maximum)
        #expect(statistics.median == statistics.p99)
        #expect(statistics.standardDeviation == 0)
    }

    @Test func `A quantile lies between the figures around it, and never falls`() {
        let statistics = TimeStatistics(samples: (0...100).map { .milliseconds($0) })
        for percent in 0...100 { #expect(abs(statistics.quantile(Double(percent) / 100) - Double(percent)) < 1e-9) }
        var senseless = TimeStatistics.steady(10)
        (senseless.p90, senseless.p99) = (-3, 1)
        let quantiles = (0...1000).map { senseless.quantile(Double($0) / 1000) }
        #expect(quantiles == quantiles.sorted())
    }

    @Test func `The file's keys carry their unit`() throws {
        let data = try JSONEncoder().encode(TimeStatistics.steady(10))
        let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(
            Set(object.keys) == [
                "runs", "median_ms", "mean_ms", "minimum_ms", "p90_ms", "p95_ms", "p99_ms", "maximum_ms",
                "standard_deviation_ms",
            ])
    }
}
