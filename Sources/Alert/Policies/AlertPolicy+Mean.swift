extension AlertPolicy.Variant {
    /// ALERT with the mean of the slow-down alone: `alert-mean` (the paper's ALERT*).
    ///
    /// What is expected to be in time counts as certain to be: Pr is 1 where μ t ≤ T, else 0.
    static let mean: AlertPolicy.Variant = {
        var variant = standard
        variant.name = "alert-mean"
        variant.estimates.ideas = []
        variant.estimates.usesVariance = false
        return variant
    }()
}
