/// Why there is no report.
public struct ReportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure; match on it with `==`.
    public struct Code: Sendable, Hashable {
        private let name: String

        /// A file cannot be read, or has something else than results in it.
        public static let badResults = Code(name: "badResults")
        /// A picture or the page cannot be written.
        public static let notWritable = Code(name: "notWritable")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened, where, and what to do about it.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
