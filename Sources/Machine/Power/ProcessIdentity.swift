import Glibc

/// A process as it can be told from one that has its number later.
struct ProcessIdentity: Sendable, Hashable, Codable {
    /// Its number.
    var process: Int32
    /// When it started, in the kernel's ticks since the machine did.
    var started: UInt64
    /// What it is called.
    var name: String

    /// This process.
    static func current() -> ProcessIdentity? { ProcessIdentity(of: getpid()) }

    /// A process that runs; nil when there is none of that number.
    init?(of process: pid_t) {
        // The name is in parentheses and may hold any character, parentheses too.
        guard let stat = KernelFiles().readIfPresent("/proc/\(process)/stat"),
            let from = stat.firstIndex(of: "("), let to = stat.lastIndex(of: ")"), from < to
        else { return nil }
        let fields = stat[stat.index(after: to)...].split(separator: " ")
        // Field 3, the first after the name, is the state; field 22 the start.
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X", let started = UInt64(fields[19]) else {
            return nil
        }
        self.process = process
        self.started = started
        name = String(stat[stat.index(after: from)..<to])
    }

    /// Whether the process still runs.
    var isAlive: Bool { ProcessIdentity(of: process)?.started == started }
}
