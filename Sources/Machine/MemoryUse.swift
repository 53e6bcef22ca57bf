/// The memory that this process occupies.
public struct MemoryUse: Sendable, Hashable, Codable {
    /// Bytes in memory now: the process's own and the parts of files it has mapped.
    public var resident: Int
    /// The most bytes there have been in memory at once.
    public var peak: Int

    /// The memory that this process occupies now, from `/proc/self/status`; some microseconds.
    ///
    /// - Throws: `.unreadable` or `.malformed`.
    public static func current() throws(MachineError) -> MemoryUse { try MemoryUse(files: KernelFiles()) }

    /// The bytes that programs could still take on this machine, from `/proc/meminfo`.
    ///
    /// - Throws: `.unreadable` or `.malformed`.
    public static func available() throws(MachineError) -> Int {
        let path = "/proc/meminfo"
        return try KernelFiles.bytes("MemAvailable", in: try KernelFiles().read(path), of: path)
    }

    init(files: KernelFiles) throws(MachineError) {
        let path = "/proc/self/status"
        let status = try files.read(path)
        resident = try KernelFiles.bytes("VmRSS", in: status, of: path)
        peak = try KernelFiles.bytes("VmHWM", in: status, of: path)
    }
}
