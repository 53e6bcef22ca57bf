public import Alert
public import Media
public import Recognition
import Units

/// The image recognisers of a pipeline, each with each of its settings; loaded when they are first asked for, or as
/// `makeResident` says.
///
/// A recogniser that answers in stages runs its models one after the other, and the segments of each, if it is cut into
/// several. A cascade shares its models with those that run one of them alone: each is loaded once a setting.
/// Owned by the thread that recognises.
public final class FrameRecognizers {
    /// The candidates: each recogniser, in the order asked for, with each setting.
    public private(set) var candidates: [Candidate]
    /// The version of the inference engine.
    public let runtimeVersion: String
    /// The processors in the order in which they are named; empty where none is.
    let processorOrder: [String]
    /// What was asked for and is not here, and why: every result says so. Nil where nothing is missing.
    let fallback: String?
    /// The processors they run on besides the machine's own cores, each with its device and driver in words.
    public let devices: [String: String]
    let models: ResidentModels<ImageClassifier>
    private let recognizers: [String: NamedRecognizer]
    /// The models of each candidate, in the order in which they run, indices into `models`.
    private var chains: [[Int]]
    /// How sure of its answer a stage must be for none to follow.
    private let enough: Double
    /// Stops stages at their limit; nil where every recogniser answers once.
    private let alarm: RunAlarm?
    /// Whose stages ran last.
    private var last: [ClassifierStage] = []
    private let converter = FrameConverter()

    /// Loads and verifies the image recognisers that `configuration` names (all that are installed in `folder`, if it
    /// names none), with each of the `settings`.
    ///
    /// - Throws: `PipelinesError` when a name is unknown or none is left; `RecognitionError` when a bundle is damaged
    ///   or does not load.
    public init(
        configuration: PipelineConfiguration, settings: SettingChoices, runtime: OnnxRuntime,
        folder: String = DataFolder.models
    ) throws {
        let chosen = try Self.recognizers(named: configuration.recognizers, in: folder)
        let bundles = chosen.flatMap(\.bundles)
        let names = bundles.map(\.manifest.name).withoutRepeats()
        let distinct = names.compactMap { name in bundles.first { $0.manifest.name == name } }
        for bundle in distinct { try bundle.verify() }
        let loadable = try settings.models(of: distinct)
        let candidates = chosen.flatMap { recognizer in
            settings.settings.map { Candidate(recognizer: recognizer.name, setting: $0) }
        }
        let loaded = settings.settings.map(\.withoutPower).withoutRepeats()
        let chains = chosen.flatMap { recognizer in
            settings.settings.map { setting in
                recognizer.bundles.compactMap { bundle -> Int? in
                    guard let name = names.firstIndex(of: bundle.manifest.name),
                        let options = loaded.firstIndex(of: setting.withoutPower)
                    else { return nil }
                    return name * loaded.count + options
                }
            }
        }
        models = ResidentModels(
            loadable.indices.map { index in
                .init(
                    loadable[index],
                    candidates: CandidateSet(candidates.indices.filter { chains[$0].contains(index) }))
            },
            load: { try ImageClassifier(bundle: loadable[$0].bundle, runtime: runtime, options: loadable[$0].options) },
            warmUp: { try $0.run() })
        self.candidates = candidates
        self.chains = chains
        recognizers = Dictionary(uniqueKeysWithValues: chosen.map { ($0.name, $0) })
        enough = configuration.enough ?? .infinity
        alarm = chosen.contains { $0.accuracies(in: .fp32).count > 1 } ? RunAlarm() : nil
        processorOrder = settings.order
        fallback = settings.fallback
        devices = settings.devices
        runtimeVersion = runtime.version
    }

    /// The image recognisers with these names; all that are installed where none is named.
    private static func recognizers(named names: [String]?, in folder: String) throws -> [NamedRecognizer] {
        let named = try NamedRecognizer.installed(named: names, in: folder)
        let classifiers = named.filter { $0.bundles[0].manifest.classifier != nil }
        if !classifiers.isEmpty { return classifiers }
        if names != nil { return try recognizers(named: nil, in: folder) }
        throw PipelinesError(.noRecognizers, "\(folder): no image recognisers are installed; run `heed models build`")
    }

    /// Converts `frame` into the inputs of a candidate's stages.
    ///
    /// - Parameter candidate: An index into `candidates`.
    /// - Throws: `MediaError` when the picture cannot be read; `RecognitionError` when the candidate cannot be loaded.
    public func load(_ frame: Frame, for candidate: Int) throws {
        // Models are let go by who loads them, not here: nothing may be kept of those that are no longer in use.
        last = []
        for classifier in try models.models(chains[candidate]) {
            try converter.convert(
                frame, crop: CenterCrop(margin: classifier.cropMargin), width: classifier.width,
                height: classifier.height, into: classifier.input)
        }
    }

    /// Runs a candidate on its input, stage after stage, and says how long inference took.
    ///
    /// No stage follows one that is sure enough of its answer. With a limit none is begun that is not expected to be
    /// done in time, and one that runs beyond it is stopped; only the first one always answers.
    ///
    /// - Parameter limit: How long it may take; nil to let it run.
    func infer(with candidate: Int, within limit: StageLimit? = nil) throws -> Inference {
        try infer(with: candidate, within: limit, enough: enough)
    }

    private func infer(with candidate: Int, within limit: StageLimit?, enough: Double) throws -> Inference {
        let all = try models.models(chains[candidate]).flatMap(\.stages)
        let stages = Array(all.prefix(candidates[candidate].stage ?? .max))
        last = stages
        var inference = Inference(time: .zero)
        let start = MonotonicTime.now()
        for (number, stage) in stages.enumerated() {
            if number > 0, isSure(stages[number - 1], enough) {
                inference.endedSure = true
                break
            }
            guard limit?.allows(number, after: MonotonicTime.now() - start) ?? true else { break }
            guard try run(stage, until: number > 0 ? limit.map { start + $0.left } : nil) else { break }
            inference.stageTimes.append(MonotonicTime.now() - start)
        }
        inference.time = MonotonicTime.now() - start
        inference.confidence = top(1, ofStage: inference.stageTimes.count).first.map { Double($0.score) }
        return inference
    }

    private func isSure(_ stage: ClassifierStage, _ enough: Double) -> Bool {
        stage.top(1).first.map { Double($0.score) >= enough } ?? false
    }

    /// Runs a stage; false where it was stopped.
    private func run(_ stage: ClassifierStage, until moment: MonotonicTime?) throws -> Bool {
        guard let moment, let alarm else { return try stage.run() }
        alarm.set(stage.brake, at: moment)
        defer {
            alarm.callOff()
            stage.brake.release()
        }
        return try stage.run()
    }

    /// The best answers of a stage of the last inference, counted from 1.
    public func top(_ count: Int, ofStage stage: Int) -> [Classification] {
        last.indices.contains(stage - 1) ? last[stage - 1].top(count) : []
    }
}

extension FrameRecognizers: MeasurableCandidates {
    public var modelHashes: [String: String] {
        recognizers.mapValues { recognizer in
            let graphs = recognizer.bundles.flatMap { bundle in
                (bundle.manifest.classifier?.graphs ?? []).map { bundle.manifest.files[$0] ?? "" }
            }
            return graphs.joined(separator: "+")
        }
    }

    public var kinds: [String: String] {
        recognizers.mapValues { recognizer in
            recognizer.bundles.map { "\($0.manifest.kind) \($0.manifest.precision)" }.joined(separator: "+")
        }
    }

    public var measuredRuns: ClosedRange<Int> { 40...160 }

    public func expectedAccuracies(of candidate: Int) -> [Double] {
        let candidate = candidates[candidate]
        let accuracies = recognizers[candidate.recognizer]?.accuracies(in: candidate.setting.computed) ?? []
        return Array(accuracies.prefix(candidate.stage ?? .max))
    }

    /// Fills the inputs of a candidate with noise.
    public func loadForMeasuring(_ candidate: Int) {
        // What cannot be loaded says so when it is measured.
        guard let classifiers = try? models.models(chains[candidate]) else { return }
        for classifier in classifiers {
            var state: UInt32 = 0x9E37_79B9
            for index in classifier.input.indices {
                state = state &* 1_664_525 &+ 1_013_904_223
                classifier.input[index] = UInt8(truncatingIfNeeded: state >> 24)
            }
        }
    }

    public func measure(_ candidate: Int) throws -> [Duration] {
        // All stages, however sure one is of what it makes of noise.
        try infer(with: candidate, within: nil, enough: .infinity).stageTimes
    }

    /// None: every frame is scaled to the network's input.
    public func growth(of _: Int, time _: Duration) throws -> Double { 0 }

    public func keep(_ kept: [Int]) {
        candidates = kept.map { candidates[$0] }
        chains = kept.map { chains[$0] }
        models.keep(kept)
    }
}

extension FrameRecognizers {
    /// Whether a candidate is a network that is cut into segments, which answers where no model ends.
    func isInSegments(_ candidate: Int) -> Bool {
        recognizers[candidates[candidate].recognizer]?.isInSegments ?? false
    }

    /// Takes these candidates for its own, which may differ in the stage that they are stopped after.
    func stop(as stopped: [Candidate]) { candidates = stopped }
}
