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
    /// The same in ascending order, and nothing but infinity beyond them; 256, so that a search halves evenly.
    private var sorted = ContiguousArray(repeating: Double.infinity, count: 256)
    private var next = 0
    private(set) var count = 0
    /// w; wide at the start, when the tail is known from few.
    private(set) var width = 1.5
    private var inverseWidth = 1 / 1.5
    /// u.
    private var threshold = 1.0
    /// Where F is known, ascending: the knots' places, and at each what is known of it.
    private var values = ContiguousArray(repeating: 0.0, count: knots)
    private var lines: ContiguousArray<Line>

    /// F from one knot on.
    private struct Line: Sendable, BitwiseCopyable {
        /// F at the knot, which stays.
        let share: Double
        var slope = 0.0
        /// The mean of what lies below the knot: ∫ (1 − F) from 0.
        var part = 0.0
    }

    init() {
        let shares =
            (0..<Self.bodyKnots).map { Self.body * Double($0) / Double(Self.bodyKnots - 1) }
            + (1...Self.tailKnots).map { 1 - (1 - Self.body) * exp2(-Double($0)) }
        lines = ContiguousArray(shares.map { Line(share: $0) })
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
                return 1 - (1 - lines[last].share) * beyond * beyond
            }
            let low = Self.knot(notAbove: scaled, values)
            return lines[low].share + lines[low].slope * (scaled - values[low])
        }
    }

    /// The last knot that is not above a ratio: of the 32 the eight, of these the two, of these the one. Comparisons of
    /// one step wait for no other, as those of a search by halves would.
    @inline(__always)
    private static func knot(notAbove ratio: Double, _ values: UnsafeBufferPointer<Double>) -> Int {
        func passed(_ knot: Int) -> Int { values[knot] <= ratio ? 1 : 0 }
        let eight = 8 * (passed(8) + passed(16) + passed(24))
        let two = eight + 2 * (passed(eight + 2) + passed(eight + 4) + passed(eight + 6))
        return two + passed(two + 1)
    }

    /// E[min(r, limit)]: how much of a limit is used on average by times that are stopped there, as observed (w = 1).
    /// - Precondition: `isKnown`.
    func expectedMinimum(_ limit: Double) -> Double {
        guard limit > values[0] else { return limit }
        let low = values.withUnsafeBufferPointer { Self.knot(notAbove: limit, $0) }
        let line = lines[low]
        guard low < Self.knots - 1 else { return line.part }
        let step = limit - values[low]
        return line.part + step * (1 - line.share - line.slope * step / 2)
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
        for knot in 1..<Self.knots where share <= lines[knot].share {
            let part = (share - lines[knot - 1].share) / (lines[knot].share - lines[knot - 1].share)
            return values[knot - 1] + part * (values[knot] - values[knot - 1])
        }
        let last = Self.knots - 1
        return values[last] * ((1 - lines[last].share) / max(1 - share, 1e-9)).squareRoot()
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
        let isFull = count == Self.capacity
        let (free, wanted) = (isFull ? place(of: recent[next]) : count, place(of: ratio))
        if !isFull { count += 1 }
        recent[next] = ratio
        next = (next + 1) % Self.capacity
        sorted.withUnsafeMutableBufferPointer { sorted in
            guard let base = sorted.baseAddress else { return }
            // What lies between the two places moves over by one.
            if wanted <= free {
                (base + wanted + 1).update(from: base + wanted, count: free - wanted)
                base[wanted] = ratio
            } else {
                (base + free).update(from: base + free + 1, count: wanted - 1 - free)
                base[wanted - 1] = ratio
            }
        }
    }

    /// Where the first of the sorted ratios lies that is not below this one; `count` where all are.
    private func place(of ratio: Double) -> Int {
        sorted.withUnsafeBufferPointer { sorted in
            var place = 0
            var step = sorted.count / 2
            while step > 0 {
                place += sorted[place + step - 1] < ratio ? step : 0
                step /= 2
            }
            return place
        }
    }

    private mutating func placeKnots() {
        placeBody()
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
        drawLines()
    }

    /// Places the knots of the body where their shares of the ratios lie, with n + 1 equal steps between the n of them.
    /// - Precondition: `isKnown`, so that there is a ratio above each knot.
    private mutating func placeBody() {
        let steps = Double(count + 1)
        sorted.withUnsafeBufferPointer { sorted in
            values.withUnsafeMutableBufferPointer { values in
                for knot in 0..<Self.bodyKnots {
                    let position = max(lines[knot].share * steps - 1, 0)
                    let below = Int(position)
                    values[knot] = sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
                }
            }
        }
    }

    /// Draws the lines from each knot to the next.
    private mutating func drawLines() {
        lines.withUnsafeMutableBufferPointer { lines in
            lines[0].part = values[0]
            for knot in 0..<Self.knots - 1 {
                let step = max(values[knot + 1] - values[knot], 1e-12)
                let (share, next) = (lines[knot].share, lines[knot + 1].share)
                lines[knot].slope = (next - share) / step
                lines[knot + 1].part = lines[knot].part + step * (1 - (next + share) / 2)
            }
        }
    }

    /// ξ and β of the excesses above a threshold.
    func tail(above threshold: Double) -> (shape: Double, scale: Double) {
        var first = count
        while first > 0, sorted[first - 1] > threshold { first -= 1 }
        let number = Double(count - first)
        guard number >= 2 else { return (0, max(threshold * 0.01, 1e-9)) }
        var (mean, weighted) = (0.0, 0.0)
        let sorted = sorted.span
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
