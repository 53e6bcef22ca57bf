private import Glibc

/// ρ, the noise of single measurements relative to the mean, learned from a promise: that a share of them, 95 % unless
/// set otherwise, lies within a bound.
///
/// ρ ← ρ · exp(0.2 · (1[beyond] − 0.05)) stands still only where exactly 5 % lie beyond, whatever the measurements'
/// distribution, so that the bound keeps its promise for heavy tails too (quantile tracking, as in adaptive conformal
/// inference; Gibbs and Candès 2021).
struct RelativeNoise: Sendable, Hashable {
    /// The standard normal quantile of 95 %, the one-sided probability that ρ is calibrated for.
    static let quantile = 1.6448536269514722
    /// With it ρ follows a change within a second or two of video.
    private static let step = 0.2
    /// From steadier than a clock can tell to as wide as the factor itself.
    private static let bounds = 0.003...1.0

    private(set) var value: Double
    private let widening: Double
    private let narrowing: Double

    /// - Parameter share: how many may lie beyond.
    init(initial: Double, beyond share: Double = 0.05) {
        value = min(max(initial, Self.bounds.lowerBound), Self.bounds.upperBound)
        widening = exp(Self.step * (1 - share))
        narrowing = exp(-Self.step * share)
    }

    /// Takes in whether a measurement lay beyond the promised bound.
    mutating func observe(isBeyond: Bool) {
        value *= isBeyond ? widening : narrowing
        value = min(max(value, Self.bounds.lowerBound), Self.bounds.upperBound)
    }

    /// R near a measurement. Noise grows with the mean; but where the measurement is less than half of the mean it
    /// counts instead, since a stall would otherwise raise the mean, hence R, and so hold the filter up there.
    func variance(mean: Double, measured: Double) -> Double {
        let noise = value * min(mean, 2 * measured)
        // Zero only for a measured time of zero, which must not divide by zero once the variance has shrunk.
        return max(noise * noise, 1e-6)
    }
}
