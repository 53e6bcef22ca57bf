/// What went wrong while a pipeline was read, profiled or run.
public struct PipelinesError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; match on it with `==`.
    public struct Code: Sendable, Hashable {
        private let name: String

        /// A pipeline file, or what it asks for, is not valid.
        public static let badConfiguration = Code(name: "badConfiguration")
        /// No recogniser is left to choose from.
        public static let noRecognizers = Code(name: "noRecognizers")
        /// A profile cannot be read, or was measured on another machine or other models.
        public static let badProfile = Code(name: "badProfile")
        /// What policies learned cannot be read, or cannot be kept.
        public static let badMemory = Code(name: "badMemory")
        /// Measuring was stopped before its end.
        public static let stopped = Code(name: "stopped")
        /// Results cannot be written.
        public static let resultsNotWritten = Code(name: "resultsNotWritten")
        /// Not one sample of a recording could be recognised.
        public static let nothingRecognized = Code(name: "nothingRecognized")
        /// The set-up tool that builds models is missing or failed.
        public static let setUpFailed = Code(name: "setUpFailed")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened, where, and what to do about it.
    public let message: String
    /// The error beneath, if there is one.
    public let cause: (any Error)?

    /// Makes an error.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public var description: String { message }
}
