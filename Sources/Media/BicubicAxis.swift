/// How one axis of a picture is resampled: for each output, the first input it draws from and the weights.
///
/// The kernel is the antialiased bicubic one (Keys 1981, a = -0.5), widened by the scale when shrinking and cut at the
/// picture's edges. Bounds and weights are those of Pillow's `resize(…, BICUBIC, box:)` to the last bit: recognisers
/// in 8-bit precision were seen to change their answer for a difference of 0.02 of 255 on average.
struct BicubicAxis {
    /// The first input that any output draws from.
    let lowerBound: Int
    /// One past the last input that any output draws from.
    let upperBound: Int
    /// For each output, its first input and the number of inputs it draws from.
    let taps: [(first: Int, count: Int)]
    /// The high and the low part of the weights as `heed_weighted_rows` takes them, `stride` for each output.
    let high: [Int16]
    let low: [Int16]
    /// Weights kept for each output, even; those past its count are 0.
    let stride: Int
    /// What each sum starts from, in the weights' unit: half a step, and what the value range asks for.
    let bias: Int32

    /// Resamples what lies from `start` to `end`, as continuous coordinates, of `limit` inputs, into `outputs`.
    ///
    /// `start` must be less than `end`, `limit` and `outputs` positive. Single precision, as Pillow's box. `range` maps
    /// the values on their way.
    init(start: Float, end: Float, limit: Int, outputs: Int, range: ValueRange = .full) {
        let one = Double(1 << 22)
        let scale = Double(end - start) / Double(outputs)
        let widening = max(scale, 1)
        let support = 2 * widening
        let stride = (Int(support.rounded(.up)) * 2 + 2) & ~1
        var taps: [(first: Int, count: Int)] = []
        var high = [Int16](repeating: 0, count: outputs * stride)
        var low = high
        taps.reserveCapacity(outputs)
        for output in 0..<outputs {
            let center = Double(start) + (Double(output) + 0.5) * scale
            let first = min(max(Int(center - support + 0.5), 0), limit - 1)
            let end = max(min(Int(center + support + 0.5), limit), first + 1)
            let exact = (first..<end).map { Self.kernel((Double($0) - center + 0.5) * (1 / widening)) }
            let sum = exact.reduce(0, +)
            for (tap, weight) in exact.enumerated() {
                let rounded = Int(
                    (sum == 0 ? weight : weight / sum) * range.gain * one + (weight < 0 ? -0.5 : 0.5))
                let nearest = (rounded + 128) >> 8
                high[output * stride + tap] = Int16(truncatingIfNeeded: nearest)
                low[output * stride + tap] = Int16(truncatingIfNeeded: rounded - (nearest << 8))
            }
            taps.append((first, exact.count))
        }
        self.taps = taps
        self.high = high
        self.low = low
        self.stride = stride
        bias = Int32((0.5 + range.offset) * one)
        lowerBound = taps.map(\.first).min() ?? 0
        upperBound = taps.map { $0.first + $0.count }.max() ?? 0
    }

    /// How coded values become values of 0…255.
    struct ValueRange {
        let gain: Double
        let offset: Double

        static let full = ValueRange(gain: 1, offset: 0)
        /// Luma of 16…235.
        static let limitedLuma = ValueRange(gain: 255.0 / 219, offset: -16 * 255.0 / 219)
        /// Chroma of 16…240 about 128.
        static let limitedChroma = ValueRange(gain: 255.0 / 224, offset: 128 - 128 * 255.0 / 224)
    }

    private static func kernel(_ offset: Double) -> Double {
        let a = -0.5
        let x = abs(offset)
        if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
        return 0
    }
}
