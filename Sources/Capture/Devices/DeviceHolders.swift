import Glibc

/// A process that has a device open.
public struct DeviceHolder: Hashable, Sendable, CustomStringConvertible {
    /// Its number.
    public let process: Int
    /// Its name, as the kernel keeps it; 15 letters at most.
    public let name: String

    init(process: Int, name: String) {
        self.process = process
        self.name = name
    }

    /// The process that a thread is of: sound drivers tell the thread that opened the device.
    init(thread: Int, in tree: DeviceTree) {
        let lines = (tree.text("/proc/\(thread)/status") ?? "").split(separator: "\n")
        let group = lines.first { $0.hasPrefix("Tgid:") }?.dropFirst(5)
        self.init(group.flatMap { Int($0.drop { $0.isWhitespace }) } ?? thread, in: tree)
    }

    /// A process by its number; `?` is the name of one that is of another namespace or has ended.
    init(_ process: Int, in tree: DeviceTree) {
        self.init(process: process, name: tree.text("/proc/\(process)/comm") ?? "?")
    }

    /// Such as `cheese (process 4711)`.
    public var description: String { "\(name) (process \(process))" }
}

/// Who has devices open, as far as this user may see.
public struct DeviceHolders: Sendable {
    /// The processes whose open files this user may not see.
    public let hiddenProcesses: Int
    private let holders: [String: [DeviceHolder]]

    /// Looks through the open files of all processes once.
    public init(tree: DeviceTree = DeviceTree()) {
        var hidden = 0
        var holders: [String: [DeviceHolder]] = [:]
        for process in tree.names(in: "/proc").compactMap({ Int($0) }).sorted() {
            let folder = "/proc/\(process)/fd"
            // Reading the links takes the same right as listing them, and a root that listed nothing saw all there was.
            guard access(tree.path(folder), R_OK | X_OK) == 0 else {
                if tree.exists("/proc/\(process)") { hidden += 1 }
                continue
            }
            let devices = Set(tree.names(in: folder).compactMap { tree.link("\(folder)/\($0)") })
                .filter { $0.hasPrefix("/dev/") }
            guard !devices.isEmpty else { continue }
            let holder = DeviceHolder(process, in: tree)
            for device in devices { holders[device, default: []].append(holder) }
        }
        hiddenProcesses = hidden
        self.holders = holders
    }

    /// The processes that have `device` open, such as `/dev/video0`.
    public func of(_ device: String) -> [DeviceHolder] { holders[device] ?? [] }

    /// Says who uses a busy device and what to do.
    public func explain(busy device: String) -> CaptureError {
        let own = Int(getpid())
        let others = of(device).filter { $0.process != own }
        guard others.isEmpty else {
            let names = others.map(\.description).joined(separator: ", ")
            return CaptureError(.busy, "\(device): is in use by \(names). End it, or choose another device.")
        }
        // This process has the device open itself, or else it would not know that it is busy.
        guard hiddenProcesses > 0 else {
            return CaptureError(
                .busy, "\(device): is in use by this very process. Use it once, or choose another device.")
        }
        return CaptureError(
            .busy, "\(device): is in use by a process of another user. `sudo fuser -v \(device)` names it.")
    }
}
