extension AlertPolicy.Variant {
    /// Keeps the fastest recogniser and adapts the settings: `sys-only`.
    ///
    /// ALERT's choice among the settings of the recogniser that is fastest with the default setting, of those that
    /// answer once where there are some. A bound on accuracy is not heeded, as no setting could meet it.
    static let sysOnly: AlertPolicy.Variant = {
        var variant = restricted("sys-only") { candidates in
            let fixed = fastestRecognizer(of: candidates)
            return set(of: candidates) {
                $0.candidate.recognizer == fixed?.recognizer && $0.candidate.stage == fixed?.stage
            }
        }
        variant.ignoresAccuracy = true
        return variant
    }()

    /// The candidate of the default setting with the shortest median, of those that answer once where there are some.
    static func fastestRecognizer(of candidates: [CandidateProfile]) -> Candidate? {
        let usual = defaultSetting(of: candidates)
        let settled = candidates.filter { $0.candidate.setting == usual }
        let once = settled.filter { !$0.isAnytime }
        return (once.isEmpty ? settled : once).min { $0.time.median < $1.time.median }?.candidate
    }
}
