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
        /// A processor is not to be had, does not compute in the precision asked for, or cannot run a graph.
        public static let processorUnavailable = Code("processorUnavailable")
        /// A processor went away in the middle of a run, or has no memory left; others may go on.
        public static let processorLost = Code("processorLost")
        /// Sound is longer than a recognizer takes at once, or holds samples that are no numbers.
        public static let audioInvalid = Code("audioInvalid")
        /// A recognizer does not know the language that is asked for.
        public static let languageUnknown = Code("languageUnknown")
    }

    /// The kind of failure.
    public var code: Code
    /// What failed, where, and what to do about it; holds the engine's own words where it was the engine that failed.
    public var message: String

    /// The message without what to do about it.
    public let reason: String
    /// What to do about it; empty where the message does not tell it apart.
    let remedy: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
        reason = message
        remedy = ""
    }

    /// Makes an error that says what to do after what failed.
    init(_ code: Code, reason: String, remedy: String) {
        self.code = code
        message = "\(reason). \(remedy)"
        self.reason = reason
        self.remedy = remedy
    }

    /// The error for a processor that is not to be had.
    static func unavailable(_ processor: Processor, _ reason: String, remedy: String) -> RecognitionError {
        var error = RecognitionError(.processorUnavailable, reason: reason, remedy: remedy)
        error.message = "processor \(processor.rawValue): \(error.message)"
        return error
    }

    public var description: String { message }
}
