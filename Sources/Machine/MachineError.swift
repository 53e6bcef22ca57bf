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
        /// A power setting does not say what it should, or is beyond what the machine allows.
        public static let badSetting = Code("badSetting")
        /// The machine has no such power knob, or does not let this user turn it.
        public static let unavailable = Code("unavailable")
        /// The kernel or a driver refused a value, or took another one.
        public static let refused = Code("refused")
        /// Another process holds the knob.
        public static let held = Code("held")
        /// The file that keeps the old values cannot be used.
        public static let stateNotKept = Code("stateNotKept")
        /// A state file is not one of heed's any more.
        public static let stateDamaged = Code("stateDamaged")
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
