/// Why a sink cannot be set up.
public struct SinksError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; match on it with `==`.
    public struct Code: Sendable, Hashable {
        private let name: String

        /// What the sink was told is not valid.
        public static let badConfiguration = Code(name: "badConfiguration")
        /// A password or a token cannot be read.
        public static let noSecret = Code(name: "noSecret")
        /// The folder for what waits cannot be used.
        public static let badSpool = Code(name: "badSpool")
        /// A file cannot be written.
        public static let notWritable = Code(name: "notWritable")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened, where, and what to do about it; never a secret.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
