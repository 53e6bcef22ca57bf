public import Units

/// Finds the candidates that no policy needs, since another one is as quick, as frugal and as accurate.
///
/// Measured figures scatter, so that small differences in another's favour do not count. Of candidates that differ by
/// no more than that, one is kept.
public struct Dominance: Sendable {
    /// How much slower at the median, as a share, still counts as no slower; of energy likewise.
    public var tolerance = 0.05
    /// The same at the 95th percentile, which few runs tell only roughly.
    public var tailTolerance = 0.2
    /// Sizes, relative to the profiled one, at which a candidate must be no slower.
    private static let sizes = [0.2, 1, 5.6]

    /// What the machine draws while it waits.
    private let idlePower: Watts

    /// - Parameter idlePower: What the machine draws while it waits: only what an inference takes beyond that counts.
    public init(idlePower: Watts) { self.idlePower = idlePower }

    /// For each candidate the index of one that takes its place, which is itself not dominated; nil for those to keep.
    ///
    /// Kept are all that no other dominates, and of each processor's the quickest and the most accurate, which take
    /// over where another processor fails; each task for itself. Candidates that answer in stages neither dominate nor
    /// are dominated: what they are worth depends on the deadline. Figures that are estimates dominate nothing, nor do
    /// candidates with a power setting those without, which take over where the machine refuses it. O(n²).
    public func dominators(of candidates: [CandidateProfile]) -> [Int?] {
        var dominators = [Int?](repeating: nil, count: candidates.count)
        var kept: [Int] = []
        for index in order(of: candidates) {
            dominators[index] = kept.first { dominates(candidates[$0], candidates[index]) }
            if dominators[index] == nil { kept.append(index) }
        }
        let places = Dictionary(grouping: candidates.indices) { Place(candidates[$0].candidate) }
        for (_, members) in places where !members.contains(where: { dominators[$0] == nil }) {
            let quickest = members.min { candidates[$0].time.median < candidates[$1].time.median }
            let mostAccurate = members.max {
                (candidates[$0].accuracy, candidates[$1].time.median)
                    < (candidates[$1].accuracy, candidates[$0].time.median)
            }
            for index in [quickest, mostAccurate].compactMap(\.self) { dominators[index] = nil }
        }
        return dominators
    }

    /// In words, in what a candidate is no better than the one that takes its place.
    public func reason(_ candidate: CandidateProfile, dominatedBy other: CandidateProfile) -> String {
        func compare(_ value: Double, _ best: Double, more: String, same: String, less: String) -> String {
            if value > best * (1 + tolerance) { return more }
            return value < best / (1 + tolerance) ? less : same
        }
        let time = compare(
            candidate.time.median, other.time.median, more: "slower", same: "as fast", less: "hardly faster")
        let energy = compare(
            energy(of: candidate), energy(of: other), more: "more energy", same: "as much energy",
            less: "hardly less energy")
        return "\(time), \(energy), \(candidate.accuracy < other.accuracy ? "less accurate" : "as accurate")"
    }

    /// Where a candidate stands for others that fail: its processor, for its task.
    private struct Place: Hashable {
        var processor: String
        var task: String?

        init(_ candidate: Candidate) { (processor, task) = (candidate.setting.processor, candidate.task) }
    }

    /// The candidates such that none comes before one that dominates it by more than the tolerance.
    private func order(of candidates: [CandidateProfile]) -> [Int] {
        func cost(_ index: Int) -> Double { candidates[index].time.median * energy(of: candidates[index]) }
        return candidates.indices.sorted {
            let (first, second) = (candidates[$0], candidates[$1])
            return (-first.accuracy, cost($0), $0) < (-second.accuracy, cost($1), $1)
        }
    }

    private func dominates(_ other: CandidateProfile, _ candidate: CandidateProfile) -> Bool {
        // What leaves the machine as it is must be there when a power setting fails.
        guard other.candidate.setting.power == nil || candidate.candidate.setting.power != nil,
            other.candidate.task == candidate.candidate.task, other.isMeasured, !other.isAnytime,
            !candidate.isAnytime, other.accuracy >= candidate.accuracy,
            other.time.p95 <= candidate.time.p95 * (1 + tailTolerance)
        else { return false }
        for size in Self.sizes {
            guard other.median(size) <= candidate.median(size) * (1 + tolerance) else { return false }
        }
        let whole = (candidate.power * .milliseconds(candidate.time.median)).value
        return energy(of: other) <= energy(of: candidate) + whole * tolerance
    }

    /// The joules of an inference beyond those of waiting as long, which is what time saved does not give back.
    private func energy(of candidate: CandidateProfile) -> Double {
        (candidate.power.value - idlePower.value) * candidate.time.median * 1e-3
    }
}

extension CandidateProfile {
    fileprivate func median(_ size: Double) -> Double { time.median * Self.scale(growth: growth, size: size) }
}

extension Profile {
    /// Notes of each candidate whether another takes its place, considering these candidates only.
    public mutating func markDominated() {
        let dominance = Dominance(idlePower: idlePower)
        for (index, dominator) in dominance.dominators(of: candidates).enumerated() {
            candidates[index].dominatedBy = dominator.map { candidates[$0].candidate.name }
        }
    }

    /// Why each candidate that is marked as dominated is no better than the one that takes its place, a line each.
    public var dominatedLines: [String] {
        let dominance = Dominance(idlePower: idlePower)
        return candidates.compactMap { candidate in
            guard let name = candidate.dominatedBy,
                let other = candidates.first(where: { $0.candidate.name == name })
            else { return nil }
            let reason = dominance.reason(candidate, dominatedBy: other)
            return "\(candidate.candidate.name): never better than \(name): \(reason)"
        }
    }
}
