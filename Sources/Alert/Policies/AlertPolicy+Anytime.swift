extension AlertPolicy.Variant {
    /// ALERT among the recognisers that answer in stages alone: `alert-anytime` (the paper's ALERT-Any).
    static let anytime = restricted("alert-anytime") { candidates in set(of: candidates) { $0.isAnytime } }

    /// The default policy, kept to some of the candidates; where there are none of them, to all.
    static func restricted(
        _ name: String, to keeps: @escaping @Sendable ([CandidateProfile]) -> CandidateSet
    ) -> AlertPolicy.Variant {
        var variant = standard
        variant.name = name
        variant.keeps = keeps
        return variant
    }

    /// The candidates of a kind.
    static func set(of candidates: [CandidateProfile], where isKept: (CandidateProfile) -> Bool) -> CandidateSet {
        CandidateSet(candidates.indices.filter { isKept(candidates[$0]) })
    }
}
