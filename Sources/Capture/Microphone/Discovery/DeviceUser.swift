/// A process that uses a device.
public struct DeviceUser: Sendable, Hashable {
    /// Its number.
    public var process: Int
    /// Its program's name, as the kernel knows it; `?` when it is of another namespace or has ended.
    public var name: String

    /// Makes a user.
    public init(process: Int, name: String) {
        self.process = process
        self.name = name
    }

    /// The user whose thread this is: drivers tell the thread that opened the device.
    init(thread: Int, on machine: KernelTree) {
        let lines = (machine.read("/proc/\(thread)/status") ?? "").split(separator: "\n")
        let group = lines.first { $0.hasPrefix("Tgid:") }?.dropFirst(5)
        process = group.flatMap { Int($0.drop { $0.isWhitespace }) } ?? thread
        let name = machine.read("/proc/\(process)/comm")?.split(separator: "\n").first
        self.name = name.map(String.init) ?? "?"
    }
}
