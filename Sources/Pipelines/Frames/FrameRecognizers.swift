public import Alert
public import Media
public import Recognition
import Units

/// The image recognisers of a pipeline, each with each of its settings; loaded when they are first asked for, or as
/// `makeResident` says.
///
/// Owned by the thread that recognises.
public final class FrameRecognizers {
    /// The candidates: each recogniser, in the order asked for, with each setting.
    public private(set) var candidates: [Candidate]
    /// The bundle of each recogniser, by name.
    public let bundles: [String: ModelBundle]
    /// The version of the inference engine.
    public let runtimeVersion: String
    /// The processors in the order in which they are named; empty where none is.
    let processorOrder: [String]
    /// What was asked for and is not here, and why: every result says so. Nil where nothing is missing.
    let fallback: String?
    /// The processors they run on besides the machine's own cores, each with its device and driver in words.
    public let devices: [String: String]
    let models: ResidentModels<ImageClassifier>
    /// Who answered last.
    private var last: ImageClassifier?
    private let converter = FrameConverter()

    /// Loads and verifies the image recognisers that `configuration` names (all that are installed in `folder`, if it
    /// names none), with each of the `settings`.
    ///
    /// - Throws: `PipelinesError` when a name is unknown or none is left; `RecognitionError` when a bundle is damaged or
    ///   does not load.
    public init(
        configuration: PipelineConfiguration, settings: SettingChoices, runtime: OnnxRuntime,
        folder: String = DataFolder.models
    ) throws {
        let chosen = try Self.bundles(named: configuration.recognizers, in: folder)
        for bundle in chosen { try bundle.verify() }
        let loadable = try settings.models(of: chosen)
        models = ResidentModels(
            loadable.map { .init($0, candidates: CandidateSet($0.indices)) },
            load: { try ImageClassifier(bundle: loadable[$0].bundle, runtime: runtime, options: loadable[$0].options) },
            warmUp: { try $0.run() })
        candidates = loadable.flatMap(\.candidates)
        processorOrder = settings.order
        fallback = settings.fallback
        devices = settings.devices
        bundles = Dictionary(uniqueKeysWithValues: chosen.map { ($0.manifest.name, $0) })
        runtimeVersion = runtime.version
    }

    /// The image recognisers among the bundles with these names; all that are installed where none is named.
    static func bundles(named names: [String]?, in folder: String) throws -> [ModelBundle] {
        let named = try ModelBundle.installed(named: names, in: folder)
        let classifiers = named.filter { $0.manifest.classifier != nil }
        if !classifiers.isEmpty { return classifiers }
        if names != nil { return try bundles(named: nil, in: folder) }
        throw PipelinesError(.noRecognizers, "\(folder): no image recognisers are installed; run `heed models build`")
    }

    /// Converts `frame` into the input of a candidate.
    ///
    /// - Parameter candidate: An index into `candidates`.
    /// - Throws: `MediaError` when the picture cannot be read; `RecognitionError` when the candidate cannot be loaded.
    public func load(_ frame: Frame, for candidate: Int) throws {
        let classifier = try models.model(for: candidate)
        try converter.convert(
            frame, crop: CenterCrop(margin: classifier.cropMargin), width: classifier.width, height: classifier.height,
            into: classifier.input)
    }

    /// Runs a candidate on its input and says how long inference took.
    public func infer(with candidate: Int) throws -> Duration {
        let classifier = try models.model(for: candidate)
        last = classifier
        let start = MonotonicTime.now()
        try classifier.run()
        return MonotonicTime.now() - start
    }

    /// The best answers of the last inference.
    public func top(_ count: Int, of _: Int) -> [Classification] { last?.top(count) ?? [] }
}

extension FrameRecognizers: MeasurableCandidates {
    public var modelHashes: [String: String] {
        bundles.mapValues { bundle in bundle.manifest.classifier.flatMap { bundle.manifest.files[$0.graph] } ?? "" }
    }

    public var kinds: [String: String] { bundles.mapValues { "\($0.manifest.kind) \($0.manifest.precision)" } }

    public var measuredRuns: ClosedRange<Int> { 40...160 }

    public func expectedAccuracy(of candidate: Int) -> Double {
        let accuracy = bundles[candidates[candidate].recognizer]?.manifest.classifier?.accuracy
        return accuracy?.expected(in: candidates[candidate].setting.computed) ?? 0
    }

    /// Fills the input of a candidate with noise.
    public func loadForMeasuring(_ candidate: Int) {
        // What cannot be loaded says so when it is measured.
        guard let classifier = try? models.model(for: candidate) else { return }
        var state: UInt32 = 0x9E37_79B9
        for index in classifier.input.indices {
            state = state &* 1_664_525 &+ 1_013_904_223
            classifier.input[index] = UInt8(truncatingIfNeeded: state >> 24)
        }
    }

    public func measure(_ candidate: Int) throws -> Duration { try infer(with: candidate) }

    /// None: every frame is scaled to the network's input.
    public func growth(of _: Int, time _: Duration) throws -> Double { 0 }

    public func keep(_ kept: [Int]) {
        candidates = kept.map { candidates[$0] }
        models.keep(kept)
    }
}
