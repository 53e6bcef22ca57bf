/// The filter behind ALERT's global slow-down factor ξ: a Kalman filter whose process noise adapts.
///
/// One observation z = measured time / profiled time of whichever candidate ran updates what is expected of all. With
/// mean μ, variance s², gain K, innovation y, process noise Q and measurement noise R, for each observation:
/// ```
/// Q  ← clamp(α Q + (1 − α) (K y)², floor … cap)      from the last K and y
/// s² ← (1 − K) s² + Q
/// K  ← s² / (s² + R)
/// y  ← z − μ
/// μ  ← μ + K y
/// ```
/// K(0) = 0.5, μ(0) = 1, s²(0) = Q(0) = 0.1, α = 0.3 (ALERT; the rule for Q after Akhlaghi et al.). What `Constants`
/// change is Q's bounds, R, and the variance a prediction is made with; `docs/policies.md` compares them.
struct SlowdownFilter: Sendable, Hashable {
    /// What sets one variant of the filter apart from another.
    struct Constants: Sendable, Hashable {
        /// Q's lower bound: keeps the filter awake while nothing happens.
        var processNoiseFloor: Double
        /// Q's upper bound: keeps one stall from opening the filter for good.
        var processNoiseCap: Double
        /// Where R comes from.
        var noise: Noise
        /// A slow-down above this is taken in as this: a process stopped for a minute says nothing about ξ.
        var limit: Double
    }

    /// Where the noise of a single measurement comes from, and with it the variance of a prediction.
    enum Noise: Sendable, Hashable {
        /// R is constant and the prediction's variance is s²: the paper's.
        case fixed(Double)
        /// R = (ρ · min(μ, 2z))² with ρ learned from the innovations, and the prediction's variance is
        /// (1 − K) s² + (ρμ)²; see `RelativeNoise`.
        case calibrated(initial: Double)
    }

    private static let forgetting = 0.3

    let constants: Constants
    private(set) var mean = 1.0
    private var variance = 0.1
    private var processNoise: Double
    private var gain = 0.5
    private var innovation = 0.0
    private var relativeNoise: RelativeNoise

    init(_ constants: Constants) {
        self.constants = constants
        processNoise = min(max(0.1, constants.processNoiseFloor), constants.processNoiseCap)
        switch constants.noise {
        case .fixed: relativeNoise = RelativeNoise(initial: 0)
        case .calibrated(let initial): relativeNoise = RelativeNoise(initial: initial)
        }
    }

    /// ξ as the next inference will meet it.
    var estimate: SlowdownEstimate {
        switch constants.noise {
        case .fixed:
            return SlowdownEstimate(mean: mean, standardDeviation: variance.squareRoot())
        case .calibrated:
            let noise = relativeNoise.value * mean
            let deviation = ((1 - gain) * variance + noise * noise).squareRoot()
            return SlowdownEstimate(mean: mean, standardDeviation: deviation)
        }
    }

    /// Takes in one observed slow-down.
    /// - Parameters:
    ///   - slowdown: measured over profiled time, 0 or more.
    ///   - isCensored: whether the inference was stopped early, so that the true slow-down is at least this one. The
    ///     mean is then assumed where it is above the bound: what was not seen must not make the filter faster.
    mutating func observe(_ slowdown: Double, isCensored: Bool) {
        let measured = min(isCensored ? max(mean, slowdown) : slowdown, constants.limit)
        let correction = gain * innovation
        let adapted = Self.forgetting * processNoise + (1 - Self.forgetting) * correction * correction
        processNoise = min(max(adapted, constants.processNoiseFloor), constants.processNoiseCap)
        let promised = estimate
        variance = (1 - gain) * variance + processNoise
        gain = variance / (variance + measurementNoise(near: measured))
        innovation = measured - mean
        calibrate(measured, isCensored: isCensored, against: promised)
        mean += gain * innovation
    }

    /// R.
    private func measurementNoise(near measured: Double) -> Double {
        switch constants.noise {
        case .fixed(let variance): return variance
        case .calibrated: return relativeNoise.variance(mean: mean, measured: measured)
        }
    }

    private mutating func calibrate(_ measured: Double, isCensored: Bool, against promised: SlowdownEstimate) {
        guard case .calibrated = constants.noise else { return }
        let isBeyond = measured > promised.mean + RelativeNoise.quantile * promised.standardDeviation
        // A stopped inference that had not passed the bound yet might have: it tells nothing about ρ.
        if isCensored && !isBeyond { return }
        relativeNoise.observe(isBeyond: isBeyond)
    }
}
