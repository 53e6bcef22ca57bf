public import Units

/// Where a figure of energy comes from. No figure is shown without it.
public enum EnergySource: String, Sendable, Hashable, Codable {
    /// The processor package's own counters.
    case rapl
    /// NVIDIA's management library.
    case nvml
    /// The battery's gauge.
    case battery
    /// A sensor chip on the board.
    case hwmon
    /// No meter: a stated power model over measured processor time.
    case estimated
    /// No machine at all: a profile's powers over simulated time.
    case simulated
}

/// Tells how much energy has been spent.
public protocol EnergyMeter: Sendable {
    /// Where the figures come from.
    var source: EnergySource { get }

    /// The energy spent since an arbitrary but fixed moment; never less than before. Safe on any thread, does not block.
    func read() -> Joules
}
