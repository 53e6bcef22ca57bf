/// What went wrong in the scheduler's inputs: a goal, a profile, a policy's name or its memory that
/// cannot be used.
public struct AlertError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of error; more kinds may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The code's name.
        public let description: String

        /// A goal no policy can work for, such as a deadline of zero.
        public static let invalidGoal = Code(description: "invalidGoal")
        /// Candidates that are missing, or that carry figures which cannot have been measured.
        public static let invalidProfile = Code(description: "invalidProfile")
        /// A policy's name that does not exist.
        public static let unknownPolicy = Code(description: "unknownPolicy")
        /// What a policy is to recall is damaged, or of another version, policy or goal.
        public static let invalidMemory = Code(description: "invalidMemory")
    }

    /// The kind of error.
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
