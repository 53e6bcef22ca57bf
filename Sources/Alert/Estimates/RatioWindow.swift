private import Glibc

/// How far measured times lie from what was expected of them: the distribution of the last ratios, whatever its shape.
///
/// The ratios r of measured to expected time are kept for the last `capacity` inferences. Their distribution function F
/// is linear between order statistics up to the 90 % quantile u; beyond it the excesses follow a generalised Pareto
/// distribution, fitted by probability-weighted moments (Hosking and Wallis 1987), so that rare stalls are weighed
/// though few were seen:
/// ```
/// F(r) = 1 − 0.1 (1 + ξ (r − u) / β)^(−1/ξ)      ξ = 2 − a₀ / (a₀ − 2 a₁),  β = 2 a₀ a₁ / (a₀ − 2 a₁)
/// a₀ = mean of the excesses,  a₁ = mean of (1 − (i − 0.35) / n) y₍ᵢ₎
/// ```
/// A miss widens the bounds beyond u at once, since misses come in bursts: there F is taken at u + (r − u) / w, with
/// ```
/// w ← w exp(0.1 (b − 0.05))      b = 1 if r was beyond the 95 % bound u + w (F⁻¹(0.95) − u), else 0
/// ```
/// which stands still only where 5 % are beyond (adaptive conformal inference, Gibbs and Candès 2021). Constant memory;
/// `observe` is O(capacity), `cumulative` O(log knots), and neither allocates.
struct RatioWindow: Sendable {
    static let capacity = 200
    /// Before so many ratios nothing is said of their distribution.
    static let fewest = 24
    /// The share of ratios whose distribution is taken as observed; beyond it the tail model begins.
    static let body = 0.9
    private static let bodyKnots = 24
    private static let tailKnots = 8
    private static let knots = bodyKnots + tailKnots
    private static let level = 0.95
    /// exp(0.1 · 0.95) and exp(0.1 · −0.05).
    private static let widening = 1.0996588551261028
    private static let narrowing = 0.9950124791926823
    private static let widthBounds = 0.5...8.0

    /// The last ratios in the order of their coming, as a ring.
    private var recent = ContiguousArray(repeating: 0.0, count: capacity)
    /// The same in ascending order.
    private var sorted = ContiguousArray(repeating: 0.0, count: capacity)
    private var next = 0
    private(set) var count = 0
    /// w.
    private(set) var width = 1.0
    private var inverseWidth = 1.0
    /// u.
    private var threshold = 1.0
    /// Where F is known, ascending; at knot k it is `shares[k]`.
    private var values = ContiguousArray(repeating: 0.0, count: knots)
    private var slopes = ContiguousArray(repeating: 0.0, count: knots)
    /// The mean of what lies below each knot: ∫ (1 − F) from 0.
    private var parts = ContiguousArray(repeating: 0.0, count: knots)
    private let shares: ContiguousArray<Double>

    init() {
        shares = ContiguousArray(
            (0..<Self.bodyKnots).map { Self.body * Double($0) / Double(Self.bodyKnots - 1) }
                + (1...Self.tailKnots).map { 1 - (1 - Self.body) * exp2(-Double($0)) })
    }

    /// Whether enough was seen to tell.
    var isKnown: Bool { count >= Self.fewest }

    /// The probability that a time stays within `ratio` times the expected one.
    /// - Precondition: `isKnown`.
    @inline(__always)
    func cumulative(_ ratio: Double) -> Double {
        let scaled = ratio <= threshold ? ratio : threshold + (ratio - threshold) * inverseWidth
        return values.withUnsafeBufferPointer { values in
            guard scaled > values[0] else { return 0 }
            // Beyond the last knot what is left shrinks as the square of the distance.
            let last = Self.knots - 1
            if scaled >= values[last] {
                let beyond = values[last] / scaled
                return 1 - (1 - shares[last]) * beyond * beyond
            }
            // The last knot not above it; five steps over 32.
            var low = 0
            var step = Self.knots / 2
            while step > 0 {
                low += values[low + step] <= scaled ? step : 0
                step /= 2
            }
            return shares[low] + slopes[low] * (scaled - values[low])
        }
    }

    /// E[min(r, limit)]: how much of a limit is used on average by times that are stopped there, as observed (w = 1).
    /// - Precondition: `isKnown`.
    func expectedMinimum(_ limit: Double) -> Double {
        guard limit > values[0] else { return limit }
        var low = Self.knots - 1
        while values[low] > limit { low -= 1 }
        guard low < Self.knots - 1 else { return parts[low] }
        let step = limit - values[low]
        return parts[low] + step * (1 - shares[low] - slopes[low] * step / 2)
    }

    /// The ratio that times stay within with probability `share`.
    /// - Precondition: `isKnown`.
    func quantile(_ share: Double) -> Double {
        let observed = observedQuantile(share)
        return observed <= threshold ? observed : threshold + (observed - threshold) * width
    }

    /// The same as observed (w = 1).
    func observedQuantile(_ share: Double) -> Double {
        guard share > 0 else { return values[0] }
        for knot in 1..<Self.knots where share <= shares[knot] {
            let part = (share - shares[knot - 1]) / (shares[knot] - shares[knot - 1])
            return values[knot - 1] + part * (values[knot] - values[knot - 1])
        }
        let last = Self.knots - 1
        return values[last] * ((1 - shares[last]) / max(1 - share, 1e-9)).squareRoot()
    }

    /// What a ratio is expected to be, given that it is at least `bound`: the mean of those that were.
    func mean(above bound: Double) -> Double {
        var (sum, number) = (0.0, 0.0)
        for index in 0..<count where sorted[index] > bound {
            sum += sorted[index]
            number += 1
        }
        return number > 0 ? sum / number : bound
    }

    /// Takes in a ratio; one that is negative or no number tells nothing.
    mutating func observe(_ ratio: Double) {
        guard ratio >= 0, ratio.isFinite else { return }
        if isKnown {
            width *= ratio > quantile(Self.level) ? Self.widening : Self.narrowing
            width = min(max(width, Self.widthBounds.lowerBound), Self.widthBounds.upperBound)
            inverseWidth = 1 / width
        }
        insert(ratio)
        if isKnown { placeKnots() }
    }

    /// Puts a ratio in its place, and takes out the oldest once there are enough.
    private mutating func insert(_ ratio: Double) {
        var index = count
        if count == Self.capacity {
            let oldest = recent[next]
            index = 0
            while sorted[index] != oldest { index += 1 }
        } else {
            count += 1
        }
        recent[next] = ratio
        next = (next + 1) % Self.capacity
        while index > 0, sorted[index - 1] > ratio {
            sorted[index] = sorted[index - 1]
            index -= 1
        }
        while index + 1 < count, sorted[index + 1] < ratio {
            sorted[index] = sorted[index + 1]
            index += 1
        }
        sorted[index] = ratio
    }

    private mutating func placeKnots() {
        for knot in 0..<Self.bodyKnots { values[knot] = orderStatistic(shares[knot]) }
        threshold = values[Self.bodyKnots - 1]
        let (shape, scale) = tail(above: threshold)
        // The quantile at a share left of 0.1 · 2^(−k) is u + β (2^(kξ) − 1) / ξ.
        let base = exp2(shape)
        var power = 1.0
        for knot in 0..<Self.tailKnots {
            power *= base
            let excess = abs(shape) < 1e-6 ? Double(knot + 1) * 0.6931471805599453 : (power - 1) / shape
            values[Self.bodyKnots + knot] = threshold + scale * excess
        }
        parts[0] = values[0]
        for knot in 0..<Self.knots - 1 {
            let step = max(values[knot + 1] - values[knot], 1e-12)
            slopes[knot] = (shares[knot + 1] - shares[knot]) / step
            parts[knot + 1] = parts[knot] + step * (1 - (shares[knot + 1] + shares[knot]) / 2)
        }
    }

    /// The value that a share of the ratios stay within, with n + 1 equal steps between the n of them.
    private func orderStatistic(_ share: Double) -> Double {
        let position = min(max(share * Double(count + 1) - 1, 0), Double(count - 1))
        let below = Int(position)
        let above = min(below + 1, count - 1)
        return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
    }

    /// ξ and β of the excesses above a threshold.
    func tail(above threshold: Double) -> (shape: Double, scale: Double) {
        var first = count
        while first > 0, sorted[first - 1] > threshold { first -= 1 }
        let number = Double(count - first)
        guard number >= 2 else { return (0, max(threshold * 0.01, 1e-9)) }
        var (mean, weighted) = (0.0, 0.0)
        for index in first..<count {
            let excess = sorted[index] - threshold
            mean += excess
            weighted += (1 - (Double(index - first) + 0.65) / number) * excess
        }
        mean /= number
        weighted /= number
        let spread = max(mean - 2 * weighted, 1e-12)
        let shape = min(max(2 - mean / spread, -0.5), 0.5)
        // With the shape held within its bounds the scale is what keeps the mean, β = a₀ (1 − ξ).
        return (shape, max(mean * (1 - shape), 1e-9))
    }
}
