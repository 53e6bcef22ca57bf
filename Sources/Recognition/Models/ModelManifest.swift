/// What a bundle says of its model: the contents of its `model.json`.
public struct ModelManifest: Sendable, Hashable {
    /// The format that this heed reads and its builder writes.
    public static let currentFormat = "heed-model/1"

    /// A kind of model: what its files are and how they are run.
    public struct Kind: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
        /// The kind's name in `model.json`.
        public var rawValue: String

        /// Makes a kind from its name; every name is a kind, known or not.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// One graph from a picture to the probabilities of classes.
        public static let classifier = Kind(rawValue: "classifier")
        /// An encoder and a decoder of Whisper's form: a window of sound to words with times.
        public static let whisper = Kind(rawValue: "whisper")
        /// An encoder and a decoder of Moonshine's form: sound of any length to words.
        public static let moonshine = Kind(rawValue: "moonshine")
        /// One graph from a short piece of sound, and what came before, to the probability of speech.
        public static let voiceActivity = Kind(rawValue: "voice-activity")

        public var description: String { rawValue }
    }

    /// Where the weights come from.
    public struct Origin: Sendable, Hashable, Codable {
        /// The package that carries the weights.
        public var package: String
        /// The package's version.
        public var version: String
        /// The file in the package.
        public var file: String
        /// The SHA-256 of that file.
        public var sha256: String
    }

    /// The manifest's format.
    public var format: String
    /// The model's name, unique among bundles.
    public var name: String
    /// What the files are and how they are run.
    public var kind: Kind
    /// What the model does, for example `image-classification`.
    public var task: String
    /// The network, whatever its precision, for example `efficientnet-lite0`.
    public var family: String
    /// The precision of weights and arithmetic, for example `fp32`.
    public var precision: String
    /// The licence of the weights, as an SPDX identifier.
    public var license: String
    /// Where the weights come from.
    public var origin: Origin
    /// The version of the recipe that built the bundle.
    public var recipe: Int
    /// The SHA-256 of each file of the bundle but the manifest, by name.
    public var files: [String: String]
    /// What only a classifier's manifest says; nil for bundles of another kind.
    public var classifier: ClassifierManifest?
    /// What only a Whisper's manifest says; nil for bundles of another kind.
    public var whisper: WhisperManifest?
    /// What only a Moonshine's manifest says; nil for bundles of another kind.
    public var moonshine: MoonshineManifest?
    /// What only a voice activity detector's manifest says; nil for bundles of another kind.
    public var voiceActivity: VoiceActivityManifest?
}

extension ModelManifest: Codable {
    private enum CodingKeys: String, CodingKey {
        case format, name, kind, task, family, precision, license, origin, recipe, files
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        format = try values.decode(String.self, forKey: .format)
        name = try values.decode(String.self, forKey: .name)
        kind = try values.decode(Kind.self, forKey: .kind)
        task = try values.decode(String.self, forKey: .task)
        family = try values.decode(String.self, forKey: .family)
        precision = try values.decode(String.self, forKey: .precision)
        license = try values.decode(String.self, forKey: .license)
        origin = try values.decode(Origin.self, forKey: .origin)
        recipe = try values.decode(Int.self, forKey: .recipe)
        files = try values.decode([String: String].self, forKey: .files)
        // A bundle of a kind that this heed does not know can still be listed and verified.
        classifier = kind == .classifier ? try ClassifierManifest(from: decoder) : nil
        whisper = kind == .whisper ? try WhisperManifest(from: decoder) : nil
        moonshine = kind == .moonshine ? try MoonshineManifest(from: decoder) : nil
        voiceActivity = kind == .voiceActivity ? try VoiceActivityManifest(from: decoder) : nil
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(format, forKey: .format)
        try values.encode(name, forKey: .name)
        try values.encode(kind, forKey: .kind)
        try values.encode(task, forKey: .task)
        try values.encode(family, forKey: .family)
        try values.encode(precision, forKey: .precision)
        try values.encode(license, forKey: .license)
        try values.encode(origin, forKey: .origin)
        try values.encode(recipe, forKey: .recipe)
        try values.encode(files, forKey: .files)
        try classifier?.encode(to: encoder)
        try whisper?.encode(to: encoder)
        try moonshine?.encode(to: encoder)
        try voiceActivity?.encode(to: encoder)
    }
}
