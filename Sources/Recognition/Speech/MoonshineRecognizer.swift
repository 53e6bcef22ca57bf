import Units

/// Moonshine: an encoder whose cost follows the length of the sound, and a decoder that says words without times.
///
/// Decodes one token at a time, the best each time. Knows English only; of the options it uses the language (which must
/// be `en`) and the most tokens. Its one segment has the times of the whole sound.
/// Source: N. Jeffries et al., "Moonshine: Speech Recognition for Live Transcription and Voice Commands", 2024.
///
/// Not thread-safe, see ``SpeechRecognizer``.
public final class MoonshineRecognizer: SpeechRecognizer {
    /// The bundle that the recognizer runs.
    public let bundle: ModelBundle
    /// The bundle's name.
    public var name: String { bundle.manifest.name }

    private let network: MoonshineManifest.Network
    private let vocabulary: Vocabulary
    private let encoder: MoonshineEncoder
    private let decoder: MoonshineDecoder

    /// Loads the bundle's graphs; takes about a quarter of a second. Its files are not verified.
    ///
    /// - Parameters:
    ///   - bundle: A bundle of kind `moonshine`.
    ///   - runtime: The engine.
    ///   - options: How the encoder is run; decoding needs one core, whatever the processor.
    /// - Throws: `.kindUnsupported`, `.bundleDamaged`, `.modelUnreadable`, `.processorUnavailable`, and
    ///   `.modelMismatch` when a graph is not what the manifest says.
    public init(bundle: ModelBundle, runtime: OnnxRuntime, options: SessionOptions) throws(RecognitionError) {
        let manifest = try bundle.manifest(\.moonshine, of: .moonshine)
        self.bundle = bundle
        network = manifest.network
        vocabulary = try Vocabulary(path: bundle.path(of: manifest.vocabulary), count: network.vocabulary)
        encoder = try MoonshineEncoder(
            path: bundle.path(of: manifest.encoder), network: network, options: options, runtime: runtime)
        decoder = try MoonshineDecoder(path: bundle.path(of: manifest.decoder), network: network, runtime: runtime)
    }

    /// See ``SpeechRecognizer/transcribe(_:options:)``.
    public func transcribe(
        _ samples: UnsafeBufferPointer<Float>, options: TranscriptionOptions
    ) throws(RecognitionError) -> Transcription {
        try SpeechAudio.check(samples, for: name)
        guard options.language == "en" else {
            throw RecognitionError(
                .languageUnknown,
                "\(name): knows English only, not \"\(options.language)\". Choose a Whisper without \".en\".")
        }
        let begin = ContinuousClock.now
        try encoder.encode(samples)
        let middle = ContinuousClock.now

        let duration = SpeechAudio.duration(of: samples.count)
        let bound = Int((duration.seconds * network.tokensPerSecond).rounded(.up))
        let limit = max(1, min(options.exactTokens ?? min(options.maximumTokens, bound), decoder.capacity))
        var tokens: [Int] = []
        var logProbability = 0.0
        var isCut = true
        var token = network.tokens.start
        try decoder.reset()
        while tokens.count < limit {
            let logits = try decoder.step(token, cross: encoder.cross)
            let sum = try logits.finiteLogSum(of: bundle)
            if options.exactTokens != nil { logits.scores[network.tokens.end] = -.infinity }
            token = logits.best()
            logProbability += Double(logits.scores[token] - sum)
            if token == network.tokens.end {
                isCut = false
                break
            }
            tokens.append(token)
        }
        let text = vocabulary.text(of: tokens)
        return Transcription(
            text: text,
            segments: text.isEmpty ? [] : [.init(text: text, start: .zero, end: duration, tokens: tokens)],
            timesAreApproximate: true, tokens: tokens, tokenCount: tokens.count, isCut: isCut,
            averageLogProbability: logProbability / Double(tokens.count + 1), noSpeechProbability: nil,
            compressionRatio: CompressionRatio.of(text), temperature: 0,
            timings: .init(encoder: middle - begin, decoder: ContinuousClock.now - middle))
    }
}
