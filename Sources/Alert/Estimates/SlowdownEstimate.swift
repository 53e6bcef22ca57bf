/// How much slower than its profile the machine runs now: ALERT's global slow-down factor ξ, as a normal distribution.
public struct SlowdownEstimate: Sendable, Hashable, BitwiseCopyable {
    /// The expected factor: 1 is as profiled, 2 is half the speed.
    public var mean: Double
    /// How far the next inference's factor may lie from the mean.
    public var standardDeviation: Double

    /// Makes an estimate.
    public init(mean: Double, standardDeviation: Double) {
        self.mean = mean
        self.standardDeviation = standardDeviation
    }
}
