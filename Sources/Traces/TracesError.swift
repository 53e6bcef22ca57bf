/// Why a trace could not be read, written or played.
public struct TracesError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure; more kinds may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name of the kind.
        public let description: String
        private init(_ name: String) { description = name }

        /// There is no such file.
        public static let notFound = Code("notFound")
        /// The file cannot be read.
        public static let unreadable = Code("unreadable")
        /// The file is something else than a trace, or of a format that this version does not know.
        public static let notATrace = Code("notATrace")
        /// What the file holds cannot have been measured, or is not what was written.
        public static let damaged = Code("damaged")
        /// The file cannot be written, or what is to be written cannot be.
        public static let notWritable = Code("notWritable")
        /// Goals that cannot be played: no samples, a file of goals that does not say what it should.
        public static let badGoals = Code("badGoals")
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong, where, and what to do, in words.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
