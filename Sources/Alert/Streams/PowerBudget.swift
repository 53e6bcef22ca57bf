public import Units

/// A budget of power for the long run that several streams share: what was drawn beyond it so far, and the price that
/// follows for energy now.
///
/// Lyapunov drift plus penalty (Neely 2010) with the virtual queue D in joules. Over a time t the machine spends e,
/// waiting included; E is the budget's share of one choice, that is its power times the mean time between two choices
/// of any stream:
/// ```
/// D ← min(max(D + e − B t, 0), B · 60 s)      price = D / (V E²),  V = 50
/// ```
/// Each stream maximises q̂ − price · ê by itself. The price is the budget's Lagrange multiplier, and the sum of what
/// the streams maximise is the Lagrangian of the joint problem (most right answers under the budget), which falls apart
/// into one term for each stream: so they choose jointly without looking at each other's choices.
/// The mean power over a time t is at most B + D / t as long as D stays below its limit, which it does unless even the
/// cheapest choices exceed the budget for a minute; what was overdrawn before is then not made up for.
public struct PowerBudget: Sendable, Hashable {
    private static let longestDebt = Duration.seconds(60)
    /// The shortest mean time between choices, in seconds: choices that come at once must not make the price infinite.
    private static let shortestInterval = 1e-4

    /// B.
    public let power: Watts
    /// D.
    public private(set) var debt = Joules.zero
    private var choices = 0.0
    private var interval = 0.0

    /// Makes a budget that nothing was drawn from.
    /// - Precondition: the power is above zero.
    public init(_ power: Watts) {
        precondition(power > .zero, "a budget of \(power.value) W")
        self.power = power
    }

    /// Notes, at the moment of each choice of any stream, what the whole machine spent since the one before.
    public mutating func note(_ spent: Joules, over time: Duration) {
        guard spent.value.isFinite, time >= .zero else { return }
        debt = min(max(debt + spent - power * time, .zero), power * Self.longestDebt)
        // The plain mean of the first 64 intervals, then one that fades.
        choices += 1
        interval += (time.seconds - interval) / min(choices, 64)
    }

    /// What a joule costs in accuracy.
    public var price: Double {
        let energy = power.value * max(interval, Self.shortestInterval)
        return debt.value / (EnergyQueue.patience * energy * energy)
    }
}
