import Foundation

extension Double {
    /// The number with exactly so many decimals, for tables and status lines.
    public func formatted(decimals: Int) -> String { String(format: "%.\(decimals)f", self) }

    /// The number rounded to so many decimals, to keep JSON lines short.
    func rounded(decimals: Int) -> Double {
        let scale = pow(10, Double(decimals))
        return (self * scale).rounded() / scale
    }
}
