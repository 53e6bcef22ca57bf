/// The power settings that heed knows: what changes how fast a machine is and what it draws.
public enum PowerKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// The share of the processors' time that heed may use: a control group's CPU bandwidth.
    case cpu
    /// The power limit of the processor package: RAPL's long-term constraint.
    case package
    /// The highest frequency of the processors: cpufreq's `scaling_max_freq`.
    case frequency
    /// How processors weigh energy against speed: cpufreq's `energy_performance_preference`.
    case preference
    /// The power limit of NVIDIA GPUs.
    case gpu
    /// The highest clock of NVIDIA GPUs.
    case gpuClock = "gpu-clock"

    /// What it is, in words.
    public var words: String {
        switch self {
        case .cpu: "CPU bandwidth"
        case .package: "package power limit"
        case .frequency: "highest frequency"
        case .preference: "energy preference"
        case .gpu: "GPU power limit"
        case .gpuClock: "highest GPU clock"
        }
    }

    /// A value as it is written, for messages.
    var example: String {
        switch self {
        case .cpu: "50%"
        case .package: "15 W"
        case .frequency: "1.8 GHz"
        case .preference: "balance_power"
        case .gpu: "200 W"
        case .gpuClock: "1200 MHz"
        }
    }
}
