/// How a sample ended; every sample that was sensed ends in exactly one of these.
public enum Outcome: String, Sendable, Hashable, Codable, CaseIterable {
    /// Recognised, and the result was out before the deadline.
    case met
    /// Recognised, but the result came after the deadline.
    case late
    /// Given up before inference, for no recogniser could have met the deadline.
    case expired
    /// A newer sample took its place.
    case superseded
    /// The driver or the disk lost it.
    case lost
    /// It could not be recognised: its data were damaged or the recogniser failed.
    case failed
}

/// How many samples ended in each outcome; encodes as an object whose keys are the outcomes' names.
public struct OutcomeCounts: Sendable, Hashable, Codable {
    private var met = 0
    private var late = 0
    private var expired = 0
    private var superseded = 0
    private var lost = 0
    private var failed = 0

    /// Makes counts of zero.
    public init() {}

    /// The number of samples that ended in `outcome`.
    public subscript(outcome: Outcome) -> Int {
        get { self[keyPath: Self.path(outcome)] }
        set { self[keyPath: Self.path(outcome)] = newValue }
    }

    /// The number of samples that ended at all.
    public var total: Int { Outcome.allCases.reduce(0) { $0 + self[$1] } }

    private static func path(_ outcome: Outcome) -> WritableKeyPath<Self, Int> {
        switch outcome {
        case .met: \.met
        case .late: \.late
        case .expired: \.expired
        case .superseded: \.superseded
        case .lost: \.lost
        case .failed: \.failed
        }
    }
}
