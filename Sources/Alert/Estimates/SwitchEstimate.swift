/// What it takes to run a candidate right after another one: a running estimate of the time beyond what is expected of
/// it.
///
/// Caches hold the other's weights, a graphics card has gone to sleep, a power setting has yet to settle. It is learned
/// from the first inference after each switch.
/// Constant memory; seconds throughout.
struct SwitchEstimate: Sendable, Hashable {
    /// The weight of a new observation once there are enough.
    private static let weight = 1.0 / 16
    /// Before so many switches only what was known before is charged: one stall must not keep a candidate from being
    /// tried again.
    private static let fewest = 4.0
    /// A stall counts as at most this many times what the inference was expected to take in all.
    private static let stallLimit = 4.0

    /// What was known before the first switch.
    private let prior: Double
    private var count = 0.0
    private var mean = 0.0
    private var deviation = 0.0

    /// An estimate of so many seconds, until there were enough switches.
    init(prior: Double = 0) { self.prior = prior }

    /// The time to add for a switch: the mean, less half the mean deviation, so that mere noise costs nothing; zero at
    /// least.
    var value: Double { count < Self.fewest ? prior : max(mean - deviation / 2, 0) }

    /// Takes in the first inference after a switch: how long it took, and what would have been usual without one.
    mutating func observe(_ time: Double, usual: Double) {
        let excess = min(time - usual, Self.stallLimit * (usual + max(mean, 0)))
        guard excess.isFinite else { return }
        count += 1
        // The plain mean until the weight takes over, so that the first observation does not linger.
        let weight = max(Self.weight, 1 / count)
        deviation += weight * (abs(excess - mean) - deviation)
        if count == 1 { deviation = 0 }
        mean += weight * (excess - mean)
    }
}
