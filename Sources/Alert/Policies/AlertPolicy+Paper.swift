public import Units

extension AlertPolicy {
    /// ALERT with the paper's own constants, to compare with: `alert-paper`.
    ///
    /// Q is floored at 0.1 and not capped, R = 0.001, σ² is the mean's variance s²; profiled times are means; φ relates
    /// to each candidate's power; the risk of being late counts in the expected accuracy alone. The floor keeps σ above
    /// 0.31 for ever, so this policy always acts as if the machine were unsteady (`docs/policies.md`).
    /// - Throws: `AlertError` with code `invalidProfile` for no candidates or impossible figures.
    public static func paper(
        candidates: [CandidateProfile], idlePower: Watts, goal: Goal
    ) throws(AlertError) -> AlertPolicy {
        try AlertPolicy(.paper, candidates: candidates, idlePower: idlePower, goal: goal)
    }
}

extension AlertPolicy.Variant {
    static let paper = AlertPolicy.Variant(
        name: "alert-paper",
        estimates: Estimator.Constants(
            time: { $0.mean },
            slowdown: { _ in
                SlowdownFilter.Constants(
                    processNoiseFloor: 0.1, processNoiseCap: .infinity, noise: .fixed(0.001), limit: .infinity)
            },
            idlesAtCandidatePower: true, learnsPower: false, learnsSwitches: false),
        boundsProbability: false)
}
