extension Ideas {
    /// Those that may be had together and pursue the same goal as ALERT does; the others change what is pursued.
    static let standard: Ideas = [
        .quantiles, .factors, .censoring, .switching, .energyMargin, .answers, .tolerance, .thrift,
    ]
}

extension AlertPolicy.Variant {
    /// The default policy without heed's ideas: ALERT with promises that are kept.
    static let plain = with([], "alert-plain")

    /// The default policy without heed's ideas, with each alone, and with all but one.
    static let ablations: [AlertPolicy.Variant] =
        [
            plain,
            .with([.quantiles], "alert-quantiles"),
            .with([.factors], "alert-factors"),
            .with([.quantiles, .censoring], "alert-censoring"),
            .with([.switching], "alert-switching"),
            .with([.energyMargin], "alert-margin"),
            .with([.answers], "alert-answers"),
            .with([.tolerance], "alert-tolerance"),
            .with([.thrift], "alert-thrift"),
            .with([.difficulty], "alert-difficulty"),
            .with([.budget], "alert-budget"),
            .with(.standard.subtracting([.quantiles, .censoring]), "alert-gaussian"),
            .with(.standard.subtracting(.factors), "alert-global"),
            .with(.standard.subtracting(.energyMargin), "alert-marginless"),
            .with(.standard.subtracting(.answers), "alert-all-samples"),
            .with(.standard.subtracting(.tolerance), "alert-intolerant"),
            .with(.standard.subtracting(.thrift), "alert-lavish"),
        ]

    static func with(_ ideas: Ideas, _ name: String) -> AlertPolicy.Variant {
        var variant = standard
        variant.name = name
        variant.estimates.ideas = ideas
        return variant
    }
}
