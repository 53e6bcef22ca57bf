public import Alert
import Captions
import Media
public import Recognition
import Units

/// The speech recognisers of a pipeline, each with each of its settings; loaded when they are first asked for, or as
/// `makeResident` says.
///
/// A candidate is a recogniser with a setting and a task: partial captions, or the final text. Owned by the thread
/// that recognises.
public final class SpeechRecognizers {
    /// What a recogniser does for captions.
    enum Task: String, CaseIterable {
        /// Words to show while somebody speaks on.
        case partial
        /// The words of a whole utterance.
        case final
    }

    /// The sound that a sample of size 1 lasts.
    public static let unit = Duration.seconds(5)
    /// What a candidate's task is called that gives the words of a whole utterance.
    public static let finalTask = Task.final.rawValue

    /// The candidates: each task, with each recogniser in the order asked for, with each setting.
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
    /// What candidates run on; tasks share one.
    let models: ResidentModels<any SpeechRecognizer>
    private let decoder: UtteranceDecoder
    private var measured = Utterance(start: .zero, samples: [], voiced: [])

    /// Loads and verifies the speech recognisers that `configuration` names (one of each size that is installed, if it
    /// names none), with each of the `settings`.
    ///
    /// - Throws: `PipelinesError` when a name is unknown or none knows the language; `RecognitionError` when a bundle
    ///   is damaged or does not load.
    public init(
        configuration: PipelineConfiguration, bundles installed: SpeechBundles, settings: SettingChoices,
        runtime: OnnxRuntime
    ) throws {
        let language = configuration.speech.language
        let bundles = try installed.candidates(named: configuration.recognizers, language: language)
        var options = TranscriptionOptions()
        options.language = language
        // Captions have no time for a text to be decoded again by chance.
        options.temperatures = [0]
        for bundle in bundles { try bundle.verify() }
        let loadable = try settings.models(of: bundles, tasks: Task.allCases.count)
        let each = loadable.flatMap(\.candidates)
        models = ResidentModels(
            loadable.map { model in
                let ofEachTask = Task.allCases.indices.flatMap { task in model.indices.map { $0 + task * each.count } }
                return .init(model, candidates: CandidateSet(ofEachTask))
            },
            load: { try loadable[$0].bundle.speechRecognizer(runtime: runtime, options: loadable[$0].options) },
            warmUp: { _ = try $0.transcribe([Float](repeating: 0, count: AudioBlock.rate), options: options) })
        candidates = Task.allCases.flatMap { task in
            each.map {
                Candidate(recognizer: $0.recognizer, setting: $0.setting, task: task.rawValue)
            }
        }
        processorOrder = settings.order
        fallback = settings.fallback
        devices = settings.devices
        self.bundles = Dictionary(uniqueKeysWithValues: bundles.map { ($0.manifest.name, $0) })
        runtimeVersion = runtime.version
        decoder = UtteranceDecoder(options: options)
    }

    /// The candidates for a task: of every recogniser, or of the one that another candidate names.
    func candidates(for task: Task, as candidate: Int? = nil) -> Range<Int> {
        let name = candidate.map { candidates[$0].recognizer }
        func isWanted(_ other: Candidate) -> Bool {
            other.task == task.rawValue && (name == nil || other.recognizer == name)
        }
        // They stand together: by task, then by recogniser.
        guard let first = candidates.firstIndex(where: isWanted), let last = candidates.lastIndex(where: isWanted)
        else { return candidates.endIndex..<candidates.endIndex }
        return first..<last + 1
    }

    /// Decodes sound with a candidate, for its task. Blocks.
    ///
    /// - Throws: `RecognitionError` when the candidate cannot be loaded or fails.
    public func decode(_ sound: Utterance, with candidate: Int) throws -> TranscribedUtterance {
        let recognizer = try models.model(for: candidate)
        return isPartial(candidate)
            ? try decoder.glance(at: sound, with: recognizer) : try decoder.decode(sound, with: recognizer)
    }
}

extension SpeechRecognizers: MeasurableCandidates {
    /// SHA-256 of each recogniser's encoder and decoder.
    public var modelHashes: [String: String] {
        bundles.mapValues { bundle in
            let graphs =
                bundle.manifest.whisper.map { [$0.encoder, $0.decoder] }
                ?? bundle.manifest.moonshine.map { [$0.encoder, $0.decoder] } ?? []
            return graphs.compactMap { bundle.manifest.files[$0] }.joined(separator: "+")
        }
    }

    public var kinds: [String: String] { bundles.mapValues { "\($0.manifest.kind) \($0.manifest.precision)" } }

    public var measuredRuns: ClosedRange<Int> { 8...24 }

    /// One less the word error rate that the bundle states.
    public func expectedAccuracies(of candidate: Int) -> [Double] {
        let accuracy = bundles[candidates[candidate].recognizer]?.manifest.speechAccuracy
        return [accuracy.map { max(0, 1 - $0.expected(in: candidates[candidate].setting.computed)) } ?? 0]
    }

    public func loadForMeasuring(_: Int) { measured = Self.noise(lasting: Self.unit) }

    public func measure(_ candidate: Int) throws -> [Duration] { [try measuredTime(of: candidate)] }

    private func measuredTime(of candidate: Int) throws -> Duration {
        let begin = MonotonicTime.now()
        var decoder = decoder
        // Noise has no words, so as many tokens are asked for as speech of that length has.
        decoder.options.exactTokens = Int(Self.tokensPerSecond * (measured.end - measured.start).seconds)
        let recognizer = try models.model(for: candidate)
        _ =
            isPartial(candidate)
            ? try decoder.glance(at: measured, with: recognizer)
            : try decoder.decode(measured, with: recognizer, attempts: 0)
        return .now() - begin
    }

    public func growth(of candidate: Int, time: Duration) throws -> Double {
        measured = Self.noise(lasting: Self.unit * 2)
        defer { measured = Self.noise(lasting: Self.unit) }
        let double = try (0..<3).map { _ in try measuredTime(of: candidate) }.sorted()[1]
        return min(1, max(0, double / time - 1))
    }

    public func keep(_ kept: [Int]) {
        candidates = kept.map { candidates[$0] }
        models.keep(kept)
    }

    private func isPartial(_ candidate: Int) -> Bool { candidates[candidate].task == Task.partial.rawValue }

    private static let tokensPerSecond = 3.5

    private static func noise(lasting duration: Duration) -> Utterance {
        var state: UInt32 = 1
        let samples = (0..<AudioBlock.samples(in: duration)).map { _ -> Float in
            state = state &* 1_664_525 &+ 1_013_904_223
            return (Float(state >> 8) / Float(1 << 24) - 0.5) * 0.1
        }
        return Utterance(start: .zero, samples: samples, voiced: [.zero..<duration])
    }
}
