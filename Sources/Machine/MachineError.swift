/// What went wrong while looking at the machine.
public struct MachineError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure, for programs; `message` is for people.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private let name: String

        private init(_ name: String) { self.name = name }

        public var description: String { name }

        /// A file of the kernel's cannot be read.
        public static let unreadable = Code("unreadable")
        /// A file of the kernel's does not hold what it should.
        public static let malformed = Code("malformed")
        /// What was asked for is not there, or may not be used.
        public static let missing = Code("missing")
    }

    /// The kind of failure.
    public var code: Code
    /// What failed, where, and what to do about it.
    public var message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
