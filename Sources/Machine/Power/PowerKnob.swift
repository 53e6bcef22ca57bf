import Glibc

/// One of the machine's power settings that can be changed here, on all devices that have it.
protocol PowerKnob: Sendable {
    /// Which one it is.
    var kind: PowerKind { get }
    /// What may be set, in words: `1.2 W to 45 W`.
    var bounds: String { get }
    /// What it stands at, in words.
    var current: String { get }
    /// A control group of heed's own that `open` makes; nil where the knob needs none.
    var group: OwnGroup? { get }

    /// Whether it is one for the whole machine, so that one process at a time may hold it.
    var isShared: Bool { get }

    /// A few limits, to choose from where none is named; what is out of bounds may be among them.
    var steps: [PowerLimit] { get }

    /// Whether a limit is within the bounds.
    ///
    /// - Throws: `.badSetting`, with the bounds.
    func check(_ limit: PowerLimit) throws(MachineError)

    /// The values to keep before anything is changed: of each register its name and what it holds now.
    func found() throws(MachineError) -> [(target: String, value: String)]

    /// Opens the registers, in the order of `found`, or makes the control group and its register.
    func open() throws(MachineError) -> [any PowerRegister]

    /// The text that sets a register to a limit; `before` is what it held when it was found.
    func text(of limit: PowerLimit, for target: String, before: String) -> String

    /// Whether the machine follows a limit that was set, as far as it can be seen.
    func isInForce(_ limit: PowerLimit) -> Bool

    /// How long the machine may take to follow beyond what `isInForce` can see.
    var lag: Duration { get }

    /// Undoes what `open` did beside opening; the registers stand as they were found.
    func close() throws(MachineError)
}

extension PowerKnob {
    var group: OwnGroup? { nil }
    var isShared: Bool { true }
    var lag: Duration { .zero }
    func isInForce(_: PowerLimit) -> Bool { true }
    func close() throws(MachineError) {}
}

/// Why a power setting cannot be changed here, and what brings it.
struct PowerObstacle: Error {
    /// What is in the way.
    var reason: String
    /// The command or rule that changes that; empty where nothing does.
    var remedy: String
}

extension KernelFiles {
    /// A whole number that a file holds; nil where there is no file, or no number in it.
    func number(_ path: String) -> Int? { readIfPresent(path).flatMap { Int($0.trimmed) } }

    /// Whether this process may write a file or make one in a folder.
    func isWritable(_ path: String) -> Bool { faccessat(AT_FDCWD, root + path, W_OK, AT_EACCESS) == 0 }
}
