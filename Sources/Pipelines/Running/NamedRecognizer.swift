import Recognition

/// What a pipeline names as a recogniser: a model, or several image models that answer one after the other, a cascade.
///
/// A cascade's name is those of its models with `+` between, the first to answer first:
/// `efficientnet-lite0-int8+efficientnet-lite2-fp32`.
struct NamedRecognizer {
    /// What stands between the names of a cascade's models; no model's name has one.
    static let separator: Character = "+"

    /// The name, as candidates and results have it.
    let name: String
    /// The models, in the order in which they answer.
    let bundles: [ModelBundle]

    /// Whether one of its models is a network that is cut into segments, so that it answers where no model ends.
    var isInSegments: Bool { bundles.contains { $0.manifest.classifier?.exits?.isEmpty == false } }

    /// The share of right answers to expect of each of its stages, as the bundles say.
    func accuracies(in precision: Precision) -> [Double] {
        bundles.flatMap { $0.manifest.classifier?.accuracies ?? [] }.map { $0.expected(in: precision) }
    }

    /// A model by itself.
    init(_ bundle: ModelBundle) {
        name = bundle.manifest.name
        bundles = [bundle]
    }

    /// A cascade.
    ///
    /// - Throws: `PipelinesError` where the models cannot follow one another: see ``check()``.
    private init(name: String, bundles: [ModelBundle]) throws(PipelinesError) {
        self.name = name
        self.bundles = bundles
        try check()
    }

    /// The installed recognisers with these names, in their order, each once; each model by itself where none is named.
    ///
    /// - Throws: `PipelinesError` for a name that is not installed, with the nearest that is, and for a cascade of
    ///   models that cannot follow one another; `RecognitionError` for a bundle whose manifest cannot be read.
    static func installed(named names: [String]?, in folder: String) throws -> [NamedRecognizer] {
        guard let names else { return try ModelBundle.installed(named: nil, in: folder).map { NamedRecognizer($0) } }
        return try names.withoutRepeats().map { name in
            let parts = name.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
            let bundles = try ModelBundle.installed(named: parts, in: folder)
            guard parts.count > 1 else { return NamedRecognizer(bundles[0]) }
            guard bundles.count == parts.count else {
                throw PipelinesError(.noRecognizers, "`\(name)`: a cascade has each model once")
            }
            return try NamedRecognizer(name: name, bundles: bundles)
        }
    }

    /// Refuses models of which one's answer does not improve on that of the one before.
    private func check() throws(PipelinesError) {
        for bundle in bundles where bundle.manifest.classifier == nil {
            throw PipelinesError(
                .noRecognizers,
                "`\(name)`: \(bundle.manifest.name) recognises no pictures; a cascade is of image recognisers")
        }
        for (bundle, next) in zip(bundles, bundles.dropFirst()) {
            let (first, second) = (bundle.manifest.name, next.manifest.name)
            guard bundle.labels == next.labels else {
                throw PipelinesError(
                    .noRecognizers,
                    "`\(name)`: \(first) and \(second) know different classes (\(bundle.labels.count) and "
                        + "\(next.labels.count)); a cascade's models share theirs")
            }
            let accuracies = [bundle.manifest.classifier?.accuracies.last, next.manifest.classifier?.accuracies.first]
                .map { $0?.expected(in: .fp32) ?? 0 }
            guard accuracies[0] < accuracies[1] else {
                throw PipelinesError(
                    .noRecognizers,
                    "`\(name)`: \(second) is no more accurate than \(first); name the models from the least to the "
                        + "most accurate")
            }
        }
    }
}
