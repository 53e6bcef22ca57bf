/// How one axis of a picture is resampled: for each output, the first input it draws from and the weights.
///
/// The kernel is the antialiased bicubic one (Keys 1981, a = -0.5), widened by the scale when shrinking and cut at the
/// picture's edges, as in Pillow's `resize(…, BICUBIC, box:)`, with weights rounded to 1/32768.
struct BicubicAxis {
    /// The first input that any output draws from.
    let lowerBound: Int
    /// One past the last input that any output draws from.
    let upperBound: Int
    /// For each output, its first input and the number of inputs it draws from.
    let taps: [(first: Int, count: Int)]
    /// The weights, `stride` for each output; those past its count are 0.
    let weights: [Int16]
    /// Weights kept for each output; even, as `heed_weighted_rows` asks.
    let stride: Int

    /// Resamples `length` inputs from `start` on, of the `limit` that exist, into `outputs`.
    ///
    /// `length` and `limit` must be positive.
    init(start: Double, length: Double, limit: Int, outputs: Int) {
        let scale = length / Double(outputs)
        let widening = max(scale, 1)
        let support = 2 * widening
        let stride = (Int(support.rounded(.up)) * 2 + 2) & ~1
        var taps: [(first: Int, count: Int)] = []
        var weights = [Int16](repeating: 0, count: outputs * stride)
        taps.reserveCapacity(outputs)
        for output in 0..<outputs {
            let center = start + (Double(output) + 0.5) * scale
            let first = min(max(Int(center - support + 0.5), 0), limit - 1)
            let end = max(min(Int(center + support + 0.5), limit), first + 1)
            let exact = (first..<end).map { Self.kernel((Double($0) - center + 0.5) / widening) }
            let sum = exact.reduce(0, +)
            // What rounding leaves over goes to the largest weight, so that a flat picture stays what it is.
            var rest = 32768
            var largest = 0
            for (tap, weight) in exact.enumerated() {
                let rounded = sum == 0 ? 32768 / exact.count : Int((weight / sum * 32768).rounded())
                weights[output * stride + tap] = Int16(clamping: rounded)
                rest -= rounded
                if weight > exact[largest] { largest = tap }
            }
            let index = output * stride + largest
            weights[index] = Int16(clamping: Int(weights[index]) + rest)
            taps.append((first, exact.count))
        }
        self.taps = taps
        self.weights = weights
        self.stride = stride
        lowerBound = taps.map(\.first).min() ?? 0
        upperBound = taps.map { $0.first + $0.count }.max() ?? 0
    }

    private static func kernel(_ offset: Double) -> Double {
        let a = -0.5
        let x = abs(offset)
        if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
        return 0
    }
}
