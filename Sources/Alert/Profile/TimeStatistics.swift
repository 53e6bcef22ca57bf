import Units

/// What a series of measured times was like. Every figure but `runs` is in milliseconds.
public struct TimeStatistics: Sendable, Hashable, Codable {
    /// How many times were measured.
    public var runs: Int
    /// The middle time: what ALERT's prediction is built on, since a few stalls do not move it.
    public var median: Double
    /// The mean time.
    public var mean: Double
    /// The shortest time.
    public var minimum: Double
    /// The time that 90 % of the runs stay within.
    public var p90: Double
    /// The time that 95 % of the runs stay within.
    public var p95: Double
    /// The time that 99 % of the runs stay within.
    public var p99: Double
    /// The longest time.
    public var maximum: Double
    /// The standard deviation over the runs as a whole population; zero for one run.
    public var standardDeviation: Double

    /// Makes statistics from figures already known, in milliseconds.
    public init(
        runs: Int, median: Double, mean: Double, minimum: Double, p90: Double, p95: Double, p99: Double,
        maximum: Double, standardDeviation: Double
    ) {
        self.runs = runs
        self.median = median
        self.mean = mean
        self.minimum = minimum
        self.p90 = p90
        self.p95 = p95
        self.p99 = p99
        self.maximum = maximum
        self.standardDeviation = standardDeviation
    }

    /// Makes statistics from measured times, in any order. O(n log n).
    ///
    /// A percentile between two runs is interpolated linearly.
    /// - Precondition: there is at least one time.
    public init(samples: [Duration]) {
        precondition(!samples.isEmpty, "statistics need at least one time")
        let sorted = samples.map(\.milliseconds).sorted()
        func percentile(_ share: Double) -> Double {
            let position = share * Double(sorted.count - 1)
            let below = Int(position)
            let above = min(below + 1, sorted.count - 1)
            return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
        }
        let mean = sorted.reduce(0, +) / Double(sorted.count)
        let variance = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sorted.count)
        self.init(
            runs: sorted.count, median: percentile(0.5), mean: mean, minimum: sorted[0], p90: percentile(0.9),
            p95: percentile(0.95), p99: percentile(0.99), maximum: sorted[sorted.count - 1],
            standardDeviation: variance.squareRoot())
    }

    /// The time in milliseconds that this share of the runs, 0…1, stay within; linear between the figures known.
    ///
    /// Figures that decrease, which no series of runs can have, count as level.
    public func quantile(_ share: Double) -> Double {
        var (below, least) = (0.0, max(minimum, 0))
        for (above, value) in [(0.5, median), (0.9, p90), (0.95, p95), (0.99, p99), (1, maximum)] {
            let greatest = max(value, least)
            if share < above { return least + (greatest - least) * (share - below) / (above - below) }
            (below, least) = (above, greatest)
        }
        return least
    }

    private enum CodingKeys: String, CodingKey {
        case runs
        case median = "median_ms"
        case mean = "mean_ms"
        case minimum = "minimum_ms"
        case p90 = "p90_ms"
        case p95 = "p95_ms"
        case p99 = "p99_ms"
        case maximum = "maximum_ms"
        case standardDeviation = "standard_deviation_ms"
    }
}
