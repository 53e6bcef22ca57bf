import Foundation
import Media
public import Recognition
import Units

/// The bundles for speech on this machine.
public struct SpeechBundles {
    /// Those that recognise speech, the most accurate first.
    ///
    /// Among equals come those that time what they say, then the smaller ones.
    public let recognizers: [ModelBundle]
    private let folder: String
    private let detectorBundle: ModelBundle?

    /// Looks through a folder of bundles.
    public init(folder: String = DataFolder.models) throws(RecognitionError) {
        self.folder = folder
        let all = try ModelBundle.all(in: folder).compactMap { try? $0.bundle.get() }
        detectorBundle = all.first { $0.manifest.voiceActivity != nil }
        recognizers = all.filter(\.manifest.isSpeech)
            .map { (bundle: $0, rank: Self.rank($0)) }.sorted { $0.rank < $1.rank }.map(\.bundle)
    }

    /// The voice activity detector, loaded and verified.
    public func detector(runtime: OnnxRuntime) throws -> VoiceActivityDetector {
        guard let detectorBundle else {
            throw PipelinesError(
                .noRecognizers, "\(folder): no voice activity detector is installed; run `heed models build`")
        }
        try detectorBundle.verify()
        return try VoiceActivityDetector(bundle: detectorBundle, runtime: runtime)
    }

    /// The recogniser with this name, which must know the language, loaded and verified.
    public func recognizer(
        named name: String, language: String, runtime: OnnxRuntime, options: SessionOptions
    ) throws -> any SpeechRecognizer {
        guard let bundle = try installed().first(where: { $0.manifest.name == name }) else {
            let known = recognizers.map(\.manifest.name)
            let nearest = nearestWord(to: name, in: known).map { "; did you mean `\($0)`?" } ?? "."
            throw PipelinesError(
                .noRecognizers,
                "`\(name)`: no such speech recogniser\(nearest) Installed are \(known.joined(separator: ", "))")
        }
        guard bundle.manifest.knows(language: language) else {
            throw PipelinesError(.noRecognizers, "\(name) does not know the language `\(language)`")
        }
        return try load(bundle, language, runtime, options)
    }

    /// The most accurate recogniser that knows the language and keeps up with speech on this machine, loaded and
    /// verified; where none does, the last one that was tried.
    public func mostAccurate(
        language: String, runtime: OnnxRuntime, options: SessionOptions
    ) throws -> any SpeechRecognizer {
        var last: (any SpeechRecognizer)?
        for bundle in try installed() where bundle.manifest.knows(language: language) {
            let recognizer = try load(bundle, language, runtime, options)
            if try Self.keepsUp(recognizer, language: language) { return recognizer }
            last = recognizer
        }
        guard let last else {
            throw PipelinesError(.noRecognizers, noneKnows(language))
        }
        return last
    }

    /// The recognisers that a pipeline chooses from: those that `names` names among all kinds, or else one precision of
    /// each size, the smallest of the most accurate.
    ///
    /// - Throws: `PipelinesError` when a name is unknown, a named recogniser does not know the language, or none is
    ///   left.
    public func candidates(named names: [String]?, language: String) throws -> [ModelBundle] {
        let named = try names.map { names in
            try NamedRecognizer.installed(named: names, in: folder).flatMap(\.bundles).filter(\.manifest.isSpeech)
        }
        if let named, !named.isEmpty {
            for bundle in named where !bundle.manifest.knows(language: language) {
                throw PipelinesError(.noRecognizers, "\(bundle.manifest.name) does not know the language `\(language)`")
            }
            return named
        }
        var families: Set<String> = []
        let chosen = try installed().filter { bundle in
            bundle.manifest.knows(language: language) && families.insert(bundle.manifest.family).inserted
        }
        guard chosen.isEmpty else { return chosen }
        throw PipelinesError(.noRecognizers, noneKnows(language))
    }

    private func noneKnows(_ language: String) -> String {
        "no installed speech recogniser knows the language `\(language)`; installed are "
            + recognizers.map(\.manifest.name).joined(separator: ", ")
    }

    private func installed() throws(PipelinesError) -> [ModelBundle] {
        guard recognizers.isEmpty else { return recognizers }
        throw PipelinesError(.noRecognizers, "\(folder): no speech recognisers are installed; run `heed models build`")
    }

    private func load(
        _ bundle: ModelBundle, _ language: String, _ runtime: OnnxRuntime, _ options: SessionOptions
    ) throws -> any SpeechRecognizer {
        try bundle.verify()
        let recognizer = try bundle.speechRecognizer(runtime: runtime, options: options)
        try Self.takeMemory(recognizer, language)
        return recognizer
    }

    /// Lets a recogniser take the memory that its longest sound needs: hours into a file is late to find that there is
    /// not enough.
    private static func takeMemory(
        _ recognizer: any SpeechRecognizer, _ language: String
    ) throws(RecognitionError) {
        var options = TranscriptionOptions()
        options.language = language
        options.exactTokens = 1
        _ = try recognizer.transcribe([Float](repeating: 0, count: SpeechAudio.longest), options: options)
    }

    /// Whether five seconds take less than half that time, for about as many words as they hold.
    ///
    /// The sound is noise, of which no words come, so half of the time is left for those.
    private static func keepsUp(_ recognizer: any SpeechRecognizer, language: String) throws(RecognitionError) -> Bool {
        var options = TranscriptionOptions()
        options.language = language
        options.temperatures = [0]
        options.maximumTokens = 20
        var state: UInt32 = 1
        let noise = (0..<5 * AudioBlock.rate).map { _ -> Float in
            state = state &* 1_664_525 &+ 1_013_904_223
            return (Float(state >> 8) / Float(1 << 24) - 0.5) * 0.1
        }
        let begin = MonotonicTime.now()
        _ = try recognizer.transcribe(noise, options: options)
        return MonotonicTime.now() - begin < .milliseconds(2_500)
    }

    private struct Rank: Comparable {
        var errors: Double
        var isUntimed: Int
        var bytes: Int

        static func < (a: Rank, b: Rank) -> Bool {
            (a.errors, a.isUntimed, a.bytes) < (b.errors, b.isUntimed, b.bytes)
        }
    }

    private static func rank(_ bundle: ModelBundle) -> Rank {
        let bytes = bundle.manifest.files.keys.reduce(0) { sum, name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: bundle.directory + "/" + name)
            return sum + (attributes?[.size] as? Int ?? 0)
        }
        return Rank(
            errors: bundle.manifest.speechAccuracy?.wordErrorRate ?? .infinity,
            isUntimed: bundle.manifest.whisper == nil ? 1 : 0, bytes: bytes)
    }
}

extension ModelManifest {
    /// Whether the bundle recognises speech.
    var isSpeech: Bool { whisper != nil || moonshine != nil }
}
