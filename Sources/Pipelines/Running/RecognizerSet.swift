public import Alert
public import Media
public import Recognition
import Units

/// The recognisers of a pipeline, each loaded with each of its settings and resident until the set goes away.
///
/// Owned by the thread that recognises.
public final class RecognizerSet {
    /// The candidates: each recogniser, in the order asked for, with each thread count.
    public let candidates: [Candidate]
    /// The bundle of each recogniser, by name.
    public let bundles: [String: ModelBundle]
    /// The version of the inference engine.
    public let runtimeVersion: String
    private let classifiers: [ImageClassifier]
    private let converter = FrameConverter()

    /// Loads and verifies the recognisers that `configuration` names (all image classifiers installed in `folder`, if
    /// it names none), with each of its thread counts.
    ///
    /// - Throws: `PipelinesError` when a name is unknown or none is left; `RecognitionError` when a bundle is damaged or
    ///   does not load.
    public init(
        configuration: PipelineConfiguration, runtime: OnnxRuntime, cores: Int, folder: String = DataFolder.models
    ) throws {
        let chosen = try Self.bundles(named: configuration.recognizers, in: folder)
        let threads = (configuration.threads ?? Self.threadCounts(cores: cores)).withoutRepeats()
        var candidates: [Candidate] = []
        var classifiers: [ImageClassifier] = []
        for bundle in chosen {
            try bundle.verify()
            for count in threads {
                candidates.append(Candidate(recognizer: bundle.manifest.name, setting: Setting(threads: count)))
                classifiers.append(try ImageClassifier(bundle: bundle, runtime: runtime, threads: count))
            }
        }
        self.candidates = candidates
        self.classifiers = classifiers
        bundles = Dictionary(uniqueKeysWithValues: chosen.map { ($0.manifest.name, $0) })
        runtimeVersion = runtime.version
    }

    /// The bundles with these names, or all that classify images.
    public static func bundles(named names: [String]?, in folder: String) throws -> [ModelBundle] {
        let installed = try ModelBundle.all(in: folder)
        guard let names else {
            let classifiers = try installed.map { try $0.bundle.get() }.filter { $0.manifest.classifier != nil }
            guard !classifiers.isEmpty else {
                throw PipelinesError(
                    .noRecognizers, "\(folder): no image recognisers are installed; run `heed models build`")
            }
            return classifiers
        }
        return try names.withoutRepeats().map { name in
            if let found = installed.first(where: { $0.name == name }) { return try found.bundle.get() }
            let known = installed.map(\.name)
            let nearest = nearestWord(to: name, in: known).map { "did you mean `\($0)`? " } ?? ""
            throw PipelinesError(
                .noRecognizers,
                "`\(name)`: no such recogniser; \(nearest)installed are \(known.joined(separator: ", "))")
        }
    }

    /// Thread counts worth trying: powers of two up to the number of cores, at most four.
    static func threadCounts(cores: Int) -> [Int] { [1, 2, 4].filter { $0 <= max(cores, 1) } }

    /// SHA-256 of each recogniser's graph: what a profile must have been measured on.
    public var modelHashes: [String: String] {
        bundles.mapValues { bundle in bundle.manifest.classifier.flatMap { bundle.manifest.files[$0.graph] } ?? "" }
    }

    /// The share of right answers to expect of a candidate, as its bundle says.
    public func expectedAccuracy(of candidate: Int) -> Double {
        let accuracy = classifiers[candidate].bundle.manifest.classifier?.accuracy
        return accuracy.map { $0.expected ?? $0.top1 } ?? 0
    }

    /// Converts `frame` into the input of a candidate.
    ///
    /// - Parameter candidate: An index into `candidates`.
    /// - Throws: `MediaError` when the picture cannot be read.
    public func load(_ frame: Frame, for candidate: Int) throws(MediaError) {
        let classifier = classifiers[candidate]
        try converter.convert(
            frame, crop: CenterCrop(margin: classifier.cropMargin), width: classifier.width, height: classifier.height,
            into: classifier.input)
    }

    /// Fills the input of a candidate with noise, for measuring.
    func loadNoise(for candidate: Int) {
        var state: UInt32 = 0x9E37_79B9
        for index in classifiers[candidate].input.indices {
            state = state &* 1_664_525 &+ 1_013_904_223
            classifiers[candidate].input[index] = UInt8(truncatingIfNeeded: state >> 24)
        }
    }

    /// Runs a candidate on its input and says how long inference took.
    public func infer(with candidate: Int) throws(RecognitionError) -> Duration {
        let start = MonotonicTime.now()
        try classifiers[candidate].run()
        return MonotonicTime.now() - start
    }

    /// The best answers of a candidate's last inference.
    public func top(_ count: Int, of candidate: Int) -> [Classification] { classifiers[candidate].top(count) }
}

extension Array where Element: Hashable {
    /// The elements in their order, each once.
    fileprivate func withoutRepeats() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
