/// What a policy promised of deadlines against what it kept: a reliability diagram in numbers.
public struct Calibration: Sendable, Hashable {
    /// Where the bins of promised probability begin; the last one ends at 1.
    public static let edges = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.93, 0.97, 0.99]

    /// One bin.
    public struct Bin: Sendable, Hashable {
        /// How many promises fell into it.
        public var count = 0
        /// Their sum.
        public var promised = 0.0
        /// How many of them were kept.
        public var kept = 0
    }

    /// The bins, in the order of `edges`.
    public private(set) var bins = [Bin](repeating: Bin(), count: edges.count)

    /// Counts one promise.
    mutating func add(promised: Double, isKept: Bool) {
        var bin = promised >= 0.9 ? 9 : min(max(Int(promised * 10), 0), 9)
        if bin == 9 { bin += (promised >= 0.93 ? 1 : 0) + (promised >= 0.97 ? 1 : 0) + (promised >= 0.99 ? 1 : 0) }
        bins[bin].count += 1
        bins[bin].promised += promised
        if isKept { bins[bin].kept += 1 }
    }

    /// Takes in another run's.
    mutating func add(_ other: Calibration) {
        for bin in bins.indices {
            bins[bin].count += other.bins[bin].count
            bins[bin].promised += other.bins[bin].promised
            bins[bin].kept += other.bins[bin].kept
        }
    }

    /// The mean distance of kept from promised, weighted by how often it was promised; nil without promises.
    public var expectedError: Double? {
        let count = bins.reduce(0) { $0 + $1.count }
        guard count > 0 else { return nil }
        return bins.reduce(0) { $0 + abs(Double($1.kept) - $1.promised) } / Double(count)
    }
}
