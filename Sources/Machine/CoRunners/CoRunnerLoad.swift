/// What another program does to the machine while recognisers run.
public enum CoRunnerKind: String, Sendable, Hashable, CaseIterable {
    /// Arithmetic in registers: takes a core's time, and nothing of the memory.
    case compute
    /// Streams more memory than the caches hold: takes a core's time and the memory's bandwidth, and clears the caches.
    case memory
}

/// How busy a co-runner is.
public struct CoRunnerLoad: Sendable, Hashable {
    /// What it does.
    public var kind: CoRunnerKind
    /// The share of each core's time that it asks for, above 0 to 1.
    public var share: Double

    /// Makes a load.
    public init(_ kind: CoRunnerKind, share: Double = 1) {
        self.kind = kind
        self.share = share
    }
}
