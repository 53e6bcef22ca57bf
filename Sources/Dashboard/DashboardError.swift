/// Why a page cannot be served, or a request is refused.
public struct DashboardError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; match on it with `==`.
    public struct Code: Sendable, Hashable {
        private let name: String

        /// The address is in use, or is none of this machine's.
        public static let notBound = Code(name: "notBound")
        /// The token's file cannot be read, or holds none that is fit.
        public static let badToken = Code(name: "badToken")
        /// The page's certificate or its key cannot be read, or is not fit.
        public static let badCertificate = Code(name: "badCertificate")
        /// A request asks for what cannot be.
        public static let badRequest = Code(name: "badRequest")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened, where, and what to do about it.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
