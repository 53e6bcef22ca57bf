/// Times counted by how long they were, as Prometheus has histograms.
struct TimeBuckets: Sendable {
    /// The upper bounds in seconds; what is longer is in no bucket but `+Inf`.
    static let bounds: [Double] = [
        0.001, 0.002, 0.005, 0.01, 0.02, 0.033, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    /// How many times were no longer than each bound and longer than the one before.
    private(set) var counts = Array(repeating: 0, count: TimeBuckets.bounds.count)
    private(set) var count = 0
    private(set) var sum = 0.0

    mutating func record(_ seconds: Double) {
        count += 1
        sum += seconds
        if let index = Self.bounds.firstIndex(where: { seconds <= $0 }) { counts[index] += 1 }
    }
}
