/// What runs beside the recognisers of the simulated platform: a co-runner that comes and goes at random.
public enum SimulatedEnvironment: String, Sendable, Hashable, CaseIterable {
    /// Nothing.
    case idle
    /// A program that streams memory: slows most what memory holds up.
    case memory
    /// A program that computes: slows most what the clock holds up.
    case compute

    /// How much longer what the clock decides takes while the co-runner runs, as a share.
    var clockSlowdown: Double {
        switch self {
        case .idle: 0
        case .memory: 0.25
        case .compute: 0.6
        }
    }

    /// How much longer what memory decides takes.
    var memorySlowdown: Double {
        switch self {
        case .idle: 0
        case .memory: 1.2
        case .compute: 0.3
        }
    }

    /// The watts that the co-runner draws.
    var draw: Double { self == .idle ? 0 : 14 }
}
