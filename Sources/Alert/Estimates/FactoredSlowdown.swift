/// The slow-down where it is not the same for all: a level for the machine, and what candidates of one kind differ from
/// it by.
///
/// A program that streams memory holds up a recogniser that waits for memory more than one that computes, and one that
/// computes slows two threads on two cores more than one. So the slow-down of a candidate with features
/// f = (1, m, kind₁ … kind₆), where m is how much more of its time than the others' memory decides, is
/// ```
/// ξ = θ · f
/// ```
/// with θ tracked by a Kalman filter. Its level moves as ALERT's ξ does; the differences move with it and return to
/// none (shrinkage), so that where there are none this is ALERT's filter. For each observation z:
/// ```
/// Q ← clamp(α Q + (1 − α) (k₀ y)², floor … cap)        from the last gain of the level and innovation
/// θ ← a ∘ θ,  P ← a aᵀ ∘ P + Q D
/// k ← P f / (fᵀ P f + R),  y ← z − f · θ,  θ ← θ + k y,  P ← P − k (P f)ᵀ
/// ```
/// D = diag(1, 1, d …) with d = 0.25, a = (1, 0.99 …), α = 0.3, R = (ρ · min(ξ, 2z))². Constant memory; an observation
/// is some 200 multiplications, without allocation.
struct FactoredSlowdown: Sendable {
    typealias Vector = SIMD8<Double>

    /// How many kinds are told apart; those beyond share the level.
    static let kinds = 6
    static let forgetting = 0.3
    static let processNoise = 1e-3...0.1
    static let limit = 100.0
    static var retention: Vector { Vector(1, 0.99, 0.99, 0.99, 0.99, 0.99, 0.99, 0.99) }
    static var mobility: Vector { Vector(1, 1, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25) }

    /// θ.
    private(set) var state = Vector(1, 0, 0, 0, 0, 0, 0, 0)
    /// What θ has for each kind, at hand for each decision; 0 for those beyond.
    private var offsets = ContiguousArray(repeating: 0.0, count: kinds + 1)
    /// P's columns; P is symmetric.
    private var covariance: ContiguousArray<Vector>
    private var noise: RelativeNoise
    private var process = 0.1
    private var lastCorrection = 0.0

    init(noise: Double) {
        covariance = ContiguousArray(
            (0..<8).map { column in
                var unit = Vector.zero
                unit[column] = 0.1 * Self.mobility[column]
                return unit
            })
        self.noise = RelativeNoise(initial: noise)
    }

    /// The features of a candidate.
    /// - Parameters:
    ///   - memory: how much more of its time than the others' memory decides.
    ///   - kind: which kind it is of, `kinds` or more for none.
    static func features(memory: Double, kind: Int) -> Vector {
        var features = Vector(1, memory, 0, 0, 0, 0, 0, 0)
        if kind < kinds { features[2 + kind] = 1 }
        return features
    }

    /// The slow-down expected of a candidate.
    @inline(__always)
    func mean(memory: Double, kind: Int) -> Double {
        max(state[0] + memory * state[1] + offsets[min(kind, Self.kinds)], 0.1 * state[0])
    }

    /// Takes in one observed slow-down of a candidate with these features.
    mutating func observe(_ slowdown: Double, _ features: Vector) {
        guard slowdown >= 0 else { return }
        let measured = min(slowdown, Self.limit)
        let adapted = Self.forgetting * process + (1 - Self.forgetting) * lastCorrection * lastCorrection
        process = min(max(adapted, Self.processNoise.lowerBound), Self.processNoise.upperBound)
        let expected = max((state * features).sum(), 0.05)
        let before = times(features)
        let spread = ((before * features).sum() + noise.value * noise.value * expected * expected).squareRoot()
        noise.observe(isBeyond: measured > expected + RelativeNoise.quantile * spread)
        state *= Self.retention
        covariance.withUnsafeMutableBufferPointer { columns in
            for column in 0..<8 {
                columns[column] *= Self.retention * Self.retention[column]
                columns[column][column] += process * Self.mobility[column]
            }
        }
        let product = times(features)
        let innovation = measured - (state * features).sum()
        let variance = (product * features).sum() + noise.variance(mean: expected, measured: measured)
        let gain = product / variance
        state += gain * innovation
        lastCorrection = gain[0] * innovation
        covariance.withUnsafeMutableBufferPointer { columns in
            for column in 0..<8 { columns[column] -= product * gain[column] }
        }
        // A level at or below zero cannot be: a row of measured zeros must not turn the sign.
        state[0] = max(state[0], 0.01)
        for kind in 0..<Self.kinds { offsets[kind] = state[2 + kind] }
    }

    /// P f.
    @inline(__always)
    private func times(_ features: Vector) -> Vector {
        covariance.withUnsafeBufferPointer { columns in
            // Of the kinds all but one are 0.
            var sum = columns[0] * features[0]
            for column in 1..<8 where features[column] != 0 { sum += columns[column] * features[column] }
            return sum
        }
    }
}
