private import Glibc

/// The standard normal distribution function Φ, from a table, and its inverse.
///
/// The table spares `decide` a call of `erfc` for each candidate. Linear interpolation over steps of 1/256 errs by at
/// most h²/8 · max|φ′| = 4.7e-7; Φ is taken as 0 or 1 beyond ±5, where it is within 2.9e-7 of it.
struct NormalDistribution: Sendable {
    static let shared = NormalDistribution()

    private static let stepsPerUnit = 256.0
    private static let limit = 5.0

    /// Φ(0), Φ(1/256) … Φ(5), the last rounded up to 1 so that Φ is monotone and certainty is exact. The other half
    /// follows by symmetry, which keeps the table at 10 KiB: well inside a first-level cache.
    private let table: ContiguousArray<Double>

    private init() {
        let count = Int(Self.limit * Self.stepsPerUnit)
        var table = ContiguousArray((0...count).map { 1 - erfc(Double($0) / Self.stepsPerUnit / 2.squareRoot()) / 2 })
        table[count] = 1
        self.table = table
    }

    /// Φ(z): the probability of a value up to `z`. No allocation, no branch that depends on the table.
    @inline(__always)
    func cumulative(_ z: Double) -> Double {
        let position = min(abs(z), Self.limit) * Self.stepsPerUnit
        // One below the end at most, so that there is always a next entry to interpolate towards.
        let index = min(Int(position), table.count - 2)
        let upper = table.withUnsafeBufferPointer { entries in
            entries[index] + (position - Double(index)) * (entries[index + 1] - entries[index])
        }
        return z < 0 ? 1 - upper : upper
    }

    /// E[max(z − Z, 0)] for a standard normal Z: what is left on average of a time z, where a longer Z uses up all.
    func expectedRemainder(_ z: Double) -> Double {
        z * cumulative(z) + exp(-0.5 * z * z) * 0.3989422804014327
    }

    /// Φ⁻¹(p): the value not exceeded with probability `p`, for 0…1; ±5 at the ends. Inverts `cumulative`.
    func quantile(_ p: Double) -> Double {
        let upper = max(p, 1 - p)
        // The first entry above 1/2 …1 that is not below `upper`; the table ascends and ends in 1.
        var low = 0
        var high = table.count - 1
        while low < high {
            let middle = (low + high) / 2
            if table[middle] < upper { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return 0 }
        let share = (upper - table[low - 1]) / (table[low] - table[low - 1])
        let z = (Double(low - 1) + share) / Self.stepsPerUnit
        return p < 0.5 ? -z : z
    }
}
