/// One kind of energy meter on this machine: what it measures, or why it is not there.
public struct MeterStatus: Sendable, Hashable {
    /// What a meter covers.
    public enum Coverage: String, Sendable, Hashable {
        /// All that the machine draws.
        case machine
        /// The processor packages and, where they have counters of their own, their memory.
        case processor
        /// Graphics cards.
        case graphics
    }

    /// Whether it can be used.
    public enum Availability: Sendable, Hashable {
        /// It covers this, by the channels of these names.
        case available(Coverage, channels: [String])
        /// It cannot be used for this reason; the remedy, where there is one, says what to do.
        case missing(reason: String, remedy: String?)
    }

    /// The kind.
    public var source: EnergySource
    /// Whether it can be used.
    public var availability: Availability

    /// Whether it can be used.
    public var isAvailable: Bool {
        if case .available = availability { true } else { false }
    }
}

/// The counters of one kind of meter, opened; or why there are none.
enum FoundMeter {
    case counters([any EnergyCounter], MeterStatus.Coverage)
    case missing(String, remedy: String?)

    var availability: MeterStatus.Availability {
        switch self {
        case .counters(let counters, let coverage): .available(coverage, channels: counters.map(\.name))
        case .missing(let reason, let remedy): .missing(reason: reason, remedy: remedy)
        }
    }
}
