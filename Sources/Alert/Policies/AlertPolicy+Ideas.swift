extension Ideas {
    /// Those that may be had together and pursue the same goal as ALERT does; the others change what is pursued.
    static let all: Ideas = [.quantiles, .factors, .censoring, .switching, .energyMargin, .answers]
}

extension AlertPolicy.Variant {
    /// ALERT with heed's ideas: each alone, all together, and all but one.
    static let ablations: [AlertPolicy.Variant] =
        [
            .with([], "alert-plain"),
            .with([.quantiles], "alert-quantiles"),
            .with([.factors], "alert-factors"),
            .with([.quantiles, .censoring], "alert-censoring"),
            .with([.switching], "alert-switching"),
            .with([.energyMargin], "alert-margin"),
            .with([.answers], "alert-answers"),
            .with([.difficulty], "alert-difficulty"),
            .with([.budget], "alert-budget"),
            .with(.all, "alert-ideas"),
            .with(.all.subtracting([.quantiles, .censoring]), "alert-gaussian"),
            .with(.all.subtracting(.factors), "alert-global"),
            .with(.all.subtracting(.energyMargin), "alert-marginless"),
            .with(.all.subtracting(.answers), "alert-all-samples"),
        ]

    private static func with(_ ideas: Ideas, _ name: String) -> AlertPolicy.Variant {
        var variant = standard
        variant.name = name
        variant.estimates.ideas = ideas
        return variant
    }
}
