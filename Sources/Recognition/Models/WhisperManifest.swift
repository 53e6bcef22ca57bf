/// What a manifest says of a Whisper: two graphs, a vocabulary, and the sizes and marks that decoding needs.
///
/// The encoder takes samples (the log-mel spectrogram is part of it) and gives each decoder layer's cross keys and
/// values.
public struct WhisperManifest: Sendable, Hashable, Codable {
    /// The numbers of the tokens that steer the decoder.
    public struct Marks: Sendable, Hashable, Codable {
        /// The end of a text.
        public var end: Int
        /// The start of a transcription.
        public var start: Int
        /// The task: words as they were spoken.
        public var transcribe: Int
        /// The start of what was said before.
        public var previous: Int
        /// Instead of a language: there is no speech.
        public var noSpeech: Int
        /// The text to come has no times.
        public var noTimestamps: Int
        /// The time 0; each token after it is 20 ms later.
        public var firstTimestamp: Int
    }

    /// Sizes and marks.
    public struct Network: Sendable, Hashable, Codable {
        /// The decoder's layers.
        public var layers: Int
        /// The attention heads of a layer.
        public var heads: Int
        /// The numbers in one head's key or value.
        public var headSize: Int
        /// The number of tokens.
        public var vocabulary: Int
        /// The most tokens that the decoder can have before it.
        public var positions: Int
        /// The most 10 ms frames of sound that the encoder can have before it.
        public var frames: Int
        /// The tokens that steer the decoder.
        public var tokens: Marks
        /// The token of each language, by its code, for example `en`; empty for weights that know English only.
        public var languages: [String: Int]
        /// Tokens that are never chosen.
        public var suppressed: [Int]
        /// Tokens that are not chosen as the first.
        public var suppressedAtStart: [Int]
    }

    /// The file of the encoder's graph.
    public var encoder: String
    /// The file of the decoder's graph.
    public var decoder: String
    /// The file of the vocabulary.
    public var vocabulary: String
    /// Sizes and marks.
    public var network: Network
    /// How many words the weights get wrong; nil where nobody measured.
    public var accuracy: SpeechAccuracy?
}

extension WhisperManifest {
    /// What is wrong with the manifest, in words; nil when it makes sense.
    func problem(files: [String: String]) -> String? {
        for (key, file) in [("encoder", encoder), ("decoder", decoder), ("vocabulary", vocabulary)]
        where files[file] == nil {
            return "\(key): \"\(file)\" is not among files"
        }
        return network.problem() ?? accuracy?.problem()
    }
}

extension WhisperManifest.Network {
    fileprivate func problem() -> String? {
        let sizes = [
            ("layers", layers, 1...128), ("heads", heads, 1...128), ("headSize", headSize, 1...1024),
            ("vocabulary", vocabulary, 1...1_000_000), ("positions", positions, 16...4096),
            ("frames", frames, 2...6000),
        ]
        for (key, value, range) in sizes where !range.contains(value) {
            return "network.\(key): \(value) is not in \(range)"
        }
        if frames % 2 != 0 { return "network.frames: \(frames) is odd" }
        let named = [
            tokens.end, tokens.start, tokens.transcribe, tokens.previous, tokens.noSpeech, tokens.noTimestamps,
            tokens.firstTimestamp,
        ]
        for token in named + suppressed + suppressedAtStart + languages.values
        where !(0..<vocabulary).contains(token) {
            return "network: token \(token) is not in a vocabulary of \(vocabulary)"
        }
        return nil
    }
}
