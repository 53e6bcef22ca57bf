import Units

/// What goes on beside the recognisers while a trace is recorded.
public enum CoRunnerEnvironment: String, Sendable, Hashable, CaseIterable {
    /// Nothing.
    case idle
    /// A co-runner that computes, on every core.
    case compute
    /// A co-runner that streams memory, on every core.
    case memory
    /// Co-runners of both kinds and of several shares come and go.
    case changing
}

/// Which co-runner runs beside each sample: a sequence that begins anew, the same, for the same seed.
///
/// In `changing` a co-runner and none take turns, none first; each stays for 10 to 50 samples, evenly spread, with a
/// kind and a share of the core (a half, three quarters, all) drawn anew. Samples are counted, not seconds, so that
/// what ran beside a sample can be told without having measured the ones before it.
public struct CoRunnerSchedule: Sendable {
    private static let stay = 10...50
    private static let shares = [0.5, 0.75, 1]

    private let environment: CoRunnerEnvironment
    private var generator: SeededGenerator
    private var load: CoRunnerLoad?
    /// For how many more samples `load` stays.
    private var left: Int

    /// The schedule of an environment; the seed matters to `changing` alone.
    public init(_ environment: CoRunnerEnvironment, seed: UInt64) {
        self.environment = environment
        generator = SeededGenerator(seed: seed)
        left = Int.random(in: Self.stay, using: &generator)
    }

    /// What runs beside the next sample; nil for nothing.
    public mutating func next() -> CoRunnerLoad? {
        switch environment {
        case .idle: return nil
        case .compute: return CoRunnerLoad(.compute)
        case .memory: return CoRunnerLoad(.memory)
        case .changing:
            if left == 0 {
                load = load == nil ? drawn() : nil
                left = Int.random(in: Self.stay, using: &generator)
            }
            left -= 1
            return load
        }
    }

    private mutating func drawn() -> CoRunnerLoad {
        let kind: CoRunnerKind = generator.share() < 0.5 ? .compute : .memory
        return CoRunnerLoad(kind, share: Self.shares[Int(generator.share() * Double(Self.shares.count))])
    }
}
