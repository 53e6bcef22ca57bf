extension AlertPolicy.Variant {
    /// Adapts the recogniser and leaves the machine as it is: `app-only`.
    ///
    /// ALERT's choice among the candidates with the default setting, stages and stops included. The default setting is
    /// that of the first candidate without a power setting; where all have one, that of the candidate that draws most,
    /// which is held back least.
    static let appOnly = restricted("app-only") { candidates in
        let usual = defaultSetting(of: candidates)
        return set(of: candidates) { $0.candidate.setting == usual }
    }

    /// The setting that a machine has which nobody sets.
    static func defaultSetting(of candidates: [CandidateProfile]) -> Setting? {
        let unset = candidates.first { $0.candidate.setting.power == nil }
        return (unset ?? candidates.max { $0.power < $1.power })?.candidate.setting
    }
}
