/// What went wrong with the inference engine, with a model bundle or with a recognition.
public struct RecognitionError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure, for programs; `message` is for people.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private let name: String

        private init(_ name: String) { self.name = name }

        public var description: String { name }

        /// ONNX Runtime's library was not found or could not be opened.
        public static let runtimeMissing = Code("runtimeMissing")
        /// ONNX Runtime's library is older than heed needs.
        public static let runtimeTooOld = Code("runtimeTooOld")
        /// ONNX Runtime refused something that heed asks of it at start.
        public static let runtimeUnusable = Code("runtimeUnusable")
        /// A bundle or a folder of bundles does not exist.
        public static let bundleMissing = Code("bundleMissing")
        /// A file of a bundle is missing, changed or unreadable.
        public static let bundleDamaged = Code("bundleDamaged")
        /// A bundle's manifest cannot be understood, or says something impossible.
        public static let manifestInvalid = Code("manifestInvalid")
        /// A bundle is of a kind that this recogniser cannot use.
        public static let kindUnsupported = Code("kindUnsupported")
        /// ONNX Runtime cannot load the graph.
        public static let modelUnreadable = Code("modelUnreadable")
        /// The graph's inputs or outputs are not what the manifest says.
        public static let modelMismatch = Code("modelMismatch")
        /// ONNX Runtime failed to run the graph, or the result is no number.
        public static let inferenceFailed = Code("inferenceFailed")
        /// Sound is longer than a recognizer takes at once, or holds samples that are no numbers.
        public static let audioInvalid = Code("audioInvalid")
        /// A recognizer does not know the language that is asked for.
        public static let languageUnknown = Code("languageUnknown")
    }

    /// The kind of failure.
    public var code: Code
    /// What failed, where, and what to do about it; holds ONNX Runtime's own words where it was ONNX Runtime that failed.
    public var message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
