public import Alert
import Units

/// What a trace says of itself: what was run, where, and under which environment.
public struct TraceHeader: Sendable, Hashable, Codable {
    /// The format this version of heed writes and reads.
    public static let currentFormat = "heed-trace/2"

    /// Where a trace's figures come from.
    public enum Origin: String, Sendable, Hashable, Codable {
        /// Recognisers ran on a machine; `profile.machine` says which.
        case measured
        /// The laws of `SimulatedPlatform`; nothing ran.
        case simulated
    }

    /// The file's format: `heed-trace/2`.
    public var format: String
    /// Where the figures come from.
    public var origin: Origin
    /// What went on beside the recognisers: `idle`, `memory`, `compute`, `changing` …
    public var environment: String
    /// The seed of what was left to chance.
    public var seed: UInt64?
    /// What was recognised, such as the recording's name and hash.
    public var source: String?
    /// Seconds from one sample to the next; nil where samples come one deadline apart, as in ALERT.
    public var interval: Double?
    /// Whether each answer comes with its recogniser's confidence.
    public var hasConfidence: Bool
    /// The candidates, whole and not stopped at a stage, and what they take on this machine when nothing else runs; the
    /// machine, the hashes of the models and where energies come from.
    public var profile: Profile

    /// Makes a header.
    public init(
        origin: Origin, environment: String, seed: UInt64? = nil, source: String? = nil, interval: Double? = nil,
        hasConfidence: Bool = false, profile: Profile
    ) {
        format = Self.currentFormat
        self.origin = origin
        self.environment = environment
        self.seed = seed
        self.source = source
        self.interval = interval
        self.hasConfidence = hasConfidence
        self.profile = profile
    }

    private enum CodingKeys: String, CodingKey {
        case format
        case origin
        case environment
        case seed
        case source
        case interval = "interval_s"
        case hasConfidence = "has_confidence"
        case profile
    }

    /// Refuses what this version cannot play.
    func check() throws(TracesError) {
        guard format == Self.currentFormat else {
            throw TracesError(.notATrace, "format is \"\(format)\", this heed reads \(Self.currentFormat)")
        }
        if let interval, !(interval > 0 && interval.isFinite) {
            throw TracesError(.damaged, "interval_s is \(interval), expected seconds above 0")
        }
        let idlePower = profile.idlePower.value
        guard idlePower >= 0, idlePower.isFinite else {
            throw TracesError(.damaged, "idle_power_w is \(idlePower), expected 0 W or more")
        }
        guard (1...TraceLimits.candidates).contains(profile.candidates.count) else {
            throw TracesError(
                .damaged, "\(profile.candidates.count) candidates, expected 1 to \(TraceLimits.candidates)")
        }
        for candidate in profile.candidates {
            guard candidate.candidate.stage == nil else {
                throw TracesError(
                    .damaged, "\(candidate.candidate.name) stops at a stage; a trace holds whole candidates")
            }
            guard candidate.stages.count <= TraceLimits.stages else {
                throw TracesError(
                    .damaged,
                    "\(candidate.candidate.name) has \(candidate.stages.count) stages, expected \(TraceLimits.stages) "
                        + "at most")
            }
            do {
                try candidate.check()
            } catch {
                throw TracesError(.damaged, error.message)
            }
        }
    }
}

/// What is refused rather than read: no file makes heed take more memory than this.
enum TraceLimits {
    static let headerBytes = 16 << 20
    static let candidates = 4096
    static let stages = 64
    static let samplesPerBlock = 1 << 16
    static let blockBytes = 64 << 20
    static let traceBytes = 1 << 30
}
