/// How much longer than profiled inferences take: ALERT's filter, and what heed adds to it.
struct SlowdownModel: Sendable {
    /// What tells a candidate's slow-down from another's.
    struct Traits: Sendable, BitwiseCopyable {
        /// How much more of its time than of the others' memory decides.
        var memory = 0.0
        /// Which kind it is of.
        var kind: Int32 = 0
    }

    private let ideas: Ideas
    private var filter: SlowdownFilter
    private var factors: FactoredSlowdown
    private var window = RatioWindow()

    init(_ constants: SlowdownFilter.Constants, noise: Double, ideas: Ideas) {
        self.ideas = ideas
        filter = SlowdownFilter(constants)
        factors = FactoredSlowdown(noise: noise)
    }

    /// The machine's own slow-down, and how far one inference may lie from it.
    var estimate: SlowdownEstimate { filter.estimate }

    /// Whether probabilities come from what was observed, rather than from a normal distribution.
    var isEmpirical: Bool { ideas.contains(.quantiles) && window.isKnown }

    /// Whether candidates differ in their slow-down.
    var isFactored: Bool { ideas.contains(.factors) }

    /// The slow-down expected of a candidate that differs from others.
    @inline(__always)
    func mean(_ traits: Traits) -> Double { factors.mean(memory: traits.memory, kind: Int(traits.kind)) }

    /// The slow-down expected of a candidate, whether or not they differ.
    func expected(_ traits: Traits) -> Double { isFactored ? mean(traits) : filter.mean }

    /// The probability that a time stays within `ratio` times the expected one, where it comes from what was observed.
    @inline(__always)
    func cumulative(_ ratio: Double) -> Double { window.cumulative(ratio) }

    /// The part of a time of `ratio` times the expected one that is used on average, where it comes from what was
    /// observed.
    func expectedMinimum(_ ratio: Double) -> Double { window.expectedMinimum(ratio) }

    /// The slow-down that a candidate stays within with probability `share`.
    func quantile(_ share: Double, _ traits: Traits, _ normal: NormalDistribution) -> Double {
        let mean = expected(traits)
        if isEmpirical { return mean * window.quantile(share) }
        return mean + normal.quantile(share) * filter.estimate.standardDeviation
    }

    /// Takes in one observed slow-down.
    /// - Parameter isCensored: whether the true one is at least this one. It then counts as what is expected of those
    ///   beyond it or, where that idea is left out, as the expected one if that is more.
    mutating func observe(_ slowdown: Double, isCensored: Bool, _ traits: Traits) {
        let expected = expected(traits)
        guard isCensored else { return take(slowdown, expected: expected, traits) }
        guard ideas.contains(.censoring), isEmpirical else {
            return filter.observe(slowdown, isCensored: true)
        }
        take(expected * window.mean(above: slowdown / expected), expected: expected, traits)
    }

    private mutating func take(_ slowdown: Double, expected: Double, _ traits: Traits) {
        filter.observe(slowdown, isCensored: false)
        if ideas.contains(.quantiles) { window.observe(slowdown / expected) }
        if isFactored {
            let features = FactoredSlowdown.features(memory: traits.memory, kind: Int(traits.kind))
            factors.observe(slowdown, features)
        }
    }

    /// The traits of candidates: a kind for each processor with a number of threads, and memory beside the mean's.
    static func traits(of candidates: [CandidateProfile]) -> [Traits] {
        let known = candidates.compactMap(\.memoryShare)
        let mean = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
        var kinds: [String] = []
        return candidates.map { candidate in
            let setting = candidate.candidate.setting
            let kind = "\(setting.processor) \(setting.threads)"
            if !kinds.contains(kind) { kinds.append(kind) }
            let index = kinds.firstIndex(of: kind) ?? 0
            return Traits(memory: (candidate.memoryShare ?? mean) - mean, kind: Int32(index))
        }
    }
}
