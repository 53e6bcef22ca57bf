/// Why a camera or a microphone cannot be used.
public struct CaptureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the kind.
        public let description: String
        private init(_ name: String) { description = name }

        /// There is no such device.
        public static let notFound = Code("notFound")
        /// This user may not open the device.
        public static let denied = Code("denied")
        /// Another process uses the device.
        public static let busy = Code("busy")
        /// The device is not one that captures.
        public static let unsuitable = Code("unsuitable")
        /// The device offers nothing of what was asked for.
        public static let notOffered = Code("notOffered")
        /// The bus has no room left for the device's stream.
        public static let noBandwidth = Code("noBandwidth")
        /// The device went away while it was in use.
        public static let disconnected = Code("disconnected")
        /// The kernel refused a call that should have worked.
        public static let failed = Code("failed")
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong, with which device, and what to do.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
