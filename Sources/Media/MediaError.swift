/// Why a picture could not be used.
public struct MediaError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the kind.
        public let description: String
        private init(_ name: String) { description = name }

        /// The picture's bytes are damaged or end too early.
        public static let corruptPicture = Code("corruptPicture")
        /// The picture is of a kind that this library does not decode.
        public static let unsupportedFormat = Code("unsupportedFormat")
        /// A size is zero, absurd, or does not fit the memory that was given for it.
        public static let wrongSize = Code("wrongSize")
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong, with the numbers that show it.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
