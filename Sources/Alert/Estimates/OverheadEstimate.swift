public import Units

/// A running estimate of what surrounds inference: conversion, writing, the scheduler itself (ALERT: deadlines); what
/// it takes, and what it spends.
///
/// Exponentially weighted mean and mean deviation of the last few dozen observations; constant memory.
public struct OverheadEstimate: Sendable, Hashable {
    /// The weight of a new observation once there are enough.
    private static let weight = 1.0 / 32
    /// A stall counts as at most this many times the present value, so that one does not spoil the next second; a true
    /// change still gets through, a few observations later.
    private static let stallLimit = 4.0

    private var count = 0.0
    private var mean = 0.0
    private var deviation = 0.0
    private var energies = 0.0
    private var meanEnergy = 0.0

    /// Makes an estimate that has seen nothing.
    public init() {}

    /// The overhead to take off a deadline: the mean and twice the mean deviation; zero before anything was observed.
    public var value: Duration { Duration(bounded: mean + 2 * deviation) }

    /// The energy it spends on average, beyond what waiting would.
    public var energy: Joules { Joules(meanEnergy) }

    /// Takes in one measured overhead, and what it spent beyond waiting where that is known. Allocates nothing.
    public mutating func observe(_ overhead: Duration, energy: Joules? = nil) {
        let measured = max(overhead.seconds, 0)
        count += 1
        // The plain mean until the weight takes over, so that the first observation does not linger.
        let weight = max(Self.weight, 1 / count)
        let limit = count > 8 && mean > 0 ? Self.stallLimit * (mean + 2 * deviation) : .infinity
        let counted = min(measured, limit)
        deviation += weight * (abs(counted - mean) - deviation)
        if count == 1 { deviation = 0 }
        mean += weight * (counted - mean)
        guard let energy else { return }
        energies += 1
        meanEnergy += max(Self.weight, 1 / energies) * (max(energy.value, 0) - meanEnergy)
    }
}
