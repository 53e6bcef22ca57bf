/// A Kalman filter with fixed noise over a power ratio: ALERT's φ, and the ratio of drawn to profiled power.
///
/// With gain W and error variance M, for each measured ratio z (ALERT's idle-power filter):
/// ```
/// W ← (M + S) / (M + S + V)
/// M ← (1 − W) (M + S)
/// φ ← φ + W (z − φ)
/// ```
/// M(0) = 0.01, S = 0.0001, V = 0.001 are the paper's; the gain settles at 0.27, a memory of about four samples.
struct RatioFilter: Sendable, Hashable {
    private static let processNoise = 0.0001
    private static let measurementNoise = 0.001

    /// φ.
    private(set) var value: Double
    private var errorVariance = 0.01

    init(initial: Double) { value = initial }

    /// Takes in a measured ratio; one that is negative or no number tells nothing and is passed over.
    mutating func observe(_ ratio: Double) {
        guard ratio >= 0, ratio.isFinite else { return }
        let variance = errorVariance + Self.processNoise
        let gain = variance / (variance + Self.measurementNoise)
        errorVariance = (1 - gain) * variance
        value += gain * (ratio - value)
    }
}
