/// Where a figure of energy comes from. No figure is shown without it.
public enum EnergySource: String, Sendable, Hashable, Codable, CaseIterable {
    /// The processor's own counters.
    case rapl
    /// NVIDIA's management library.
    case nvml
    /// A sensor chip on the board or the graphics card.
    case hwmon
    /// The battery's gauge.
    case battery
    /// No meter: a stated power model over measured processor time.
    case estimated
    /// No machine at all: a profile's powers over simulated time.
    case simulated

    /// All of them; kept, so that going through them takes no allocation.
    public static let allCases: [EnergySource] = [.rapl, .nvml, .hwmon, .battery, .estimated, .simulated]

    /// Its place among them.
    var place: Int {
        switch self {
        case .rapl: 0
        case .nvml: 1
        case .hwmon: 2
        case .battery: 3
        case .estimated: 4
        case .simulated: 5
        }
    }
}

/// The sources that a figure is the sum of.
public struct EnergySources: OptionSet, Sendable, Hashable, CustomStringConvertible {
    public var rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// One source alone.
    public init(_ source: EnergySource) { rawValue = 1 << source.place }

    /// Those that it holds, in the order of ``EnergySource``.
    public var all: [EnergySource] { EnergySource.allCases.filter { contains(EnergySources($0)) } }

    /// Their names, such as `rapl+nvml`; one alone takes no allocation.
    public var description: String {
        for source in EnergySource.allCases where self == EnergySources(source) { return source.rawValue }
        return all.map(\.rawValue).joined(separator: "+")
    }
}
