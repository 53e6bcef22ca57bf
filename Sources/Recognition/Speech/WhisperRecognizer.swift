import Glibc
import Units

/// Whisper: an encoder over a window of sound and a decoder that says words and their times.
///
/// Decodes one token at a time, the best each time; a text that repeats itself or is improbable is decoded again with
/// chance at rising temperatures. Knows times, and many languages where the weights do.
/// Source: A. Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision", 2022, section 4.5.
///
/// Not thread-safe, see ``SpeechRecognizer``.
public final class WhisperRecognizer: SpeechRecognizer {
    /// The bundle that the recognizer runs.
    public let bundle: ModelBundle
    /// The bundle's name.
    public var name: String { bundle.manifest.name }

    private let network: WhisperManifest.Network
    private let vocabulary: Vocabulary
    private let encoder: WhisperEncoder
    private let decoder: WhisperDecoder

    /// Loads the bundle's graphs; takes about a second. Its files are not verified.
    ///
    /// - Parameters:
    ///   - bundle: A bundle of kind `whisper`.
    ///   - runtime: The engine.
    ///   - options: How the graphs are run. Another processor than the CPU runs the encoder, which is most of the work;
    ///     the decoder stays on the CPU, whose steps of one token are too small to send elsewhere.
    /// - Throws: `.kindUnsupported`, `.bundleDamaged`, `.modelUnreadable`, `.processorUnavailable`, and
    ///   `.modelMismatch` when a graph is not what the manifest says.
    public init(bundle: ModelBundle, runtime: OnnxRuntime, options: SessionOptions) throws(RecognitionError) {
        let manifest = try bundle.manifest(\.whisper, of: .whisper)
        self.bundle = bundle
        network = manifest.network
        vocabulary = try Vocabulary(path: bundle.path(of: manifest.vocabulary), count: network.vocabulary)
        encoder = try WhisperEncoder(
            path: bundle.path(of: manifest.encoder), network: network, options: options, runtime: runtime)
        decoder = try WhisperDecoder(
            path: bundle.path(of: manifest.decoder), network: network,
            options: SessionOptions(threads: options.threads),
            runtime: runtime)
    }

    /// See ``SpeechRecognizer/transcribe(_:options:)``.
    public func transcribe(
        _ samples: UnsafeBufferPointer<Float>, options: TranscriptionOptions
    ) throws(RecognitionError) -> Transcription {
        try SpeechAudio.check(samples, for: name)
        let prompt = try WhisperPrompt(
            network, options: options, capacity: decoder.capacity, recognizer: name)
        let begin = ContinuousClock.now
        let window = Int(options.window / .milliseconds(10))
        try encoder.encode(UnsafeBufferPointer(rebasing: samples.prefix(encoder.capacity)), window: window)
        let encoded = ContinuousClock.now

        var text = try decode(prompt, options, temperature: options.temperatures.first ?? 0)
        for temperature in options.temperatures.dropFirst()
        where options.exactTokens == nil && !text.isGoodEnough(options) {
            text = try decode(prompt, options, temperature: temperature)
        }
        let segments = WhisperSegments(
            network: network, vocabulary: vocabulary, duration: SpeechAudio.duration(of: samples.count)
        ).segments(of: text.tokens)
        return Transcription(
            text: text.text, segments: segments, timesAreApproximate: !options.timestamps,
            tokens: text.tokens.filter { $0 < network.tokens.end }, tokenCount: text.tokens.count, isCut: text.isCut,
            averageLogProbability: text.averageLogProbability, noSpeechProbability: text.noSpeechProbability,
            compressionRatio: text.compressionRatio, temperature: text.temperature,
            timings: .init(encoder: encoded - begin, decoder: ContinuousClock.now - encoded))
    }

    private func decode(
        _ prompt: WhisperPrompt, _ options: TranscriptionOptions, temperature: Double
    ) throws(RecognitionError) -> WhisperText {
        let rules = WhisperRules(network: network, timestamps: options.timestamps)
        var random = SeededGenerator(seed: options.seed)
        var text = WhisperText(temperature: temperature)
        try decoder.reset()
        var new = prompt.tokens
        var places = prompt.start == new.count - 1 ? [prompt.start] : [prompt.start, new.count - 1]
        repeat {
            let scores = try decoder.step(new, places: places, cross: encoder.cross)
            guard let next = scores.last else { break }
            if text.tokens.isEmpty, let atStart = scores.first {
                text.noSpeechProbability = Double(exp(atStart.scores[network.tokens.noSpeech] - atStart.logSum()))
            }
            rules.apply(to: next, after: text.tokens)
            if options.exactTokens != nil { next.scores[network.tokens.end] = -.infinity }
            let sum = try next.finiteLogSum(of: bundle)
            let token = temperature > 0 ? next.draw(temperature: temperature, from: &random) : next.best()
            text.logProbability += Double(next.scores[token] - sum)
            if token == network.tokens.end {
                text.isCut = false
                break
            }
            text.tokens.append(token)
            new = [token]
            places = [0]
        } while text.tokens.count < prompt.maximumTokens
        text.text = vocabulary.text(of: text.tokens.lazy.filter { $0 < self.network.tokens.end })
        text.compressionRatio = CompressionRatio.of(text.text)
        return text
    }
}
