/// Ridge regression over eight features, one observation at a time: what LinUCB knows.
///
/// With features x, values r and the guess θ₀ that nothing observed leads to:
/// ```
/// A = λ I + Σ x xᵀ      b = λ θ₀ + Σ r x      θ = A⁻¹ b
/// ```
/// A⁻¹ is kept and corrected by the Sherman-Morrison formula, A⁻¹ ← A⁻¹ − (A⁻¹ x)(A⁻¹ x)ᵀ / (1 + xᵀ A⁻¹ x), in 64
/// multiplications and without allocation.
struct RidgeRegression: Sendable {
    typealias Features = SIMD8<Double>

    /// The columns of A⁻¹, which is symmetric.
    private(set) var inverse: ContiguousArray<Features>
    /// b.
    private(set) var moments: Features
    /// 1 / λ.
    private let largest: Double
    /// θ: what to expect for each unit of each feature.
    private(set) var weights: Features

    /// - Parameters:
    ///   - guess: θ₀.
    ///   - stiffness: λ, how many observations the guess counts for.
    init(guess: Features, stiffness: Double) {
        inverse = ContiguousArray(
            (0..<8).map { column in
                var unit = Features.zero
                unit[column] = 1 / stiffness
                return unit
            })
        moments = guess * stiffness
        weights = guess
        largest = 1 / stiffness
    }

    /// What these numbers say, which are taken as they are.
    init(inverse: [Double], moments: [Double], largest: Double) {
        self.inverse = ContiguousArray((0..<8).map { column in Features(inverse[column * 8..<(column + 1) * 8]) })
        self.moments = Features(moments)
        self.largest = largest
        weights = .zero
        weights = times(self.moments)
    }

    /// θ · x.
    @inline(__always)
    func value(_ features: Features) -> Double { (weights * features).sum() }

    /// xᵀ A⁻¹ x: how little is known in this direction, as a variance in units of the noise's.
    @inline(__always)
    func uncertainty(_ features: Features) -> Double { max((times(features) * features).sum(), 0) }

    /// Whether θ · x + α √(xᵀ A⁻¹ x) may exceed a bound, told without A⁻¹: A is λ I and more, so xᵀ A⁻¹ x ≤ xᵀ x / λ.
    @inline(__always)
    func mayExceed(_ bound: Double, _ features: Features, exploration: Double) -> Bool {
        let missing = bound - value(features)
        return missing < 0 || missing * missing < exploration * exploration * largest * (features * features).sum()
    }

    /// Takes in what was observed for these features; one that is no number tells nothing.
    mutating func observe(_ features: Features, _ value: Double) {
        let product = times(features)
        let divisor = 1 + (product * features).sum()
        guard value.isFinite, divisor.isFinite, divisor >= 1 else { return }
        for column in 0..<8 { inverse[column] -= product * (product[column] / divisor) }
        moments += features * value
        weights = times(moments)
    }

    /// A⁻¹ x.
    @inline(__always)
    private func times(_ features: Features) -> Features {
        inverse.withUnsafeBufferPointer { columns in
            var sum = columns[0] * features[0]
            for column in 1..<8 { sum += columns[column] * features[column] }
            return sum
        }
    }
}
