/// What a manifest says of a Moonshine: two graphs, a vocabulary, and the sizes that decoding needs.
///
/// The encoder takes samples and gives each decoder layer's cross keys and values.
public struct MoonshineManifest: Sendable, Hashable, Codable {
    /// One convolution over the sound: how many values it sees, and how far it moves.
    public struct Convolution: Sendable, Hashable, Codable {
        /// The values seen at once.
        public var size: Int
        /// The values between one sight and the next.
        public var stride: Int
    }

    /// The numbers of the tokens that steer the decoder.
    public struct Marks: Sendable, Hashable, Codable {
        /// The start of a text.
        public var start: Int
        /// The end of a text.
        public var end: Int
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
        /// The convolutions from samples to the encoder's results, first to last; they decide how many results there
        /// are.
        public var convolutions: [Convolution]
        /// The tokens that steer the decoder.
        public var tokens: Marks
        /// The most tokens that a second of speech can have; more is a decoder that repeats itself.
        public var tokensPerSecond: Double
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

extension MoonshineManifest {
    /// What is wrong with the manifest, in words; nil when it makes sense.
    func problem(files: [String: String]) -> String? {
        for (key, file) in [("encoder", encoder), ("decoder", decoder), ("vocabulary", vocabulary)]
        where files[file] == nil {
            return "\(key): \"\(file)\" is not among files"
        }
        return network.problem() ?? accuracy?.problem()
    }
}

extension MoonshineManifest.Network {
    fileprivate func problem() -> String? {
        let sizes = [
            ("layers", layers, 1...128), ("heads", heads, 1...128), ("headSize", headSize, 1...1024),
            ("vocabulary", vocabulary, 1...1_000_000), ("positions", positions, 16...4096),
        ]
        for (key, value, range) in sizes where !range.contains(value) {
            return "network.\(key): \(value) is not in \(range)"
        }
        if convolutions.isEmpty
            || convolutions.contains(where: { !(1...10_000).contains($0.size) || !(1...10_000).contains($0.stride) })
        {
            return "network.convolutions: sizes and strides must be 1 to 10000"
        }
        for token in [tokens.start, tokens.end] where !(0..<vocabulary).contains(token) {
            return "network.tokens: \(token) is not in a vocabulary of \(vocabulary)"
        }
        if !(0.1...100).contains(tokensPerSecond) {
            return "network.tokensPerSecond: \(tokensPerSecond) is not between 0.1 and 100"
        }
        return nil
    }
}
