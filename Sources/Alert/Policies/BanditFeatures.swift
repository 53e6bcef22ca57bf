import Units

/// How `bandit` describes a candidate in a situation.
struct BanditFeatures: Sendable {
    /// No feature is larger.
    static let largest = 3.0

    private let energyScale: Double
    private let isAccelerated: ContiguousArray<Bool>

    init(_ candidates: [CandidateProfile]) {
        let highest = candidates.reduce(0) { max($0, $1.power.value * $1.time.median * 1e-3) }
        energyScale = 1 / max(highest, 1e-9)
        isAccelerated = ContiguousArray(candidates.map { $0.candidate.setting.processor != "cpu" })
    }

    /// A constant, the expected accuracy, the probability of being in time, the expected time over the time left, the
    /// expected energy over the highest profiled one, how much slower than profiled the machine is, whether another
    /// processor than the CPU computes, and the sample's size beyond the profiled one.
    @inline(__always)
    func features(of candidate: Int, _ estimate: Estimate, in outlook: Outlook) -> RidgeRegression.Features {
        RidgeRegression.Features(
            1, estimate.accuracy, estimate.probability, min(estimate.time / max(outlook.time, 1e-6), 2),
            min(estimate.energy * energyScale, 2), min(outlook.slowdown - 1, Self.largest),
            isAccelerated[candidate] ? 1 : 0, min(outlook.size - 1, Self.largest))
    }
}
