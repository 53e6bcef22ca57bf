/// A long-run energy budget: what was spent beyond it so far, and the price that follows for energy now.
///
/// Lyapunov drift plus penalty (Neely 2010) with the virtual queue Z in units of the budget E of a sample; e is what a
/// sample spent, and each choice maximises q̂ − price · ê:
/// ```
/// Z ← max(Z + e / E − 1, 0)      price = Z / (V E)
/// ```
/// The mean energy of n samples is at most E (1 + Z / n), and Z is of the order of V. V = 50.
struct EnergyQueue: Sendable, Hashable {
    static let patience = 50.0

    /// Z.
    private(set) var backlog = 0.0

    /// What a joule costs in accuracy, for a budget of so many joules a sample.
    func price(budget: Double) -> Double { backlog / (Self.patience * budget) }

    /// Notes what a sample spent.
    mutating func observe(_ energy: Double, budget: Double) {
        guard energy.isFinite else { return }
        backlog = max(backlog + energy / budget - 1, 0)
    }
}
