import Glibc

/// The machine that this process runs on, as far as it matters to how fast recognition is.
public struct MachineDescription: Sendable, Hashable, Codable {
    /// The processor's name.
    public var cpuModel: String
    /// How many logical cores this process may use: its affinity, and its cgroup's bandwidth rounded up.
    public var logicalCores: Int
    /// The instruction set, for example `x86_64`.
    public var architecture: String
    /// The instruction set extensions that change how fast inference is, sorted; named as the kernel names them.
    public var cpuFlags: [String]
    /// The machine's memory in bytes.
    public var memory: Int
    /// The kernel's release.
    public var kernel: String

    /// Describes the machine as it is now; reads a few files of the kernel's.
    ///
    /// - Throws: `.unreadable` or `.malformed` when `/proc` does not say what it must.
    public static func current() throws(MachineError) -> MachineDescription { try current(root: "") }

    /// Describes the machine whose `/proc` and `/sys` are under `root`, a copy.
    public static func current(root: String) throws(MachineError) -> MachineDescription {
        try MachineDescription(files: KernelFiles(root: root), architecture: runningArchitecture())
    }

    /// Describes the machine whose `/proc` and `/sys` these are.
    init(files: KernelFiles, architecture: String) throws(MachineError) {
        let processor = ProcessorDescription(try files.read("/proc/cpuinfo"), architecture: architecture)
        cpuModel = processor.model
        cpuFlags = processor.flags
        self.architecture = architecture
        let allowed = try Self.affinity(files)
        logicalCores = min(allowed, ProcessorQuota(files: files)?.wholeCores ?? allowed)
        memory = try KernelFiles.bytes("MemTotal", in: try files.read("/proc/meminfo"), of: "/proc/meminfo")
        kernel = try files.read("/proc/sys/kernel/osrelease").trimmed
    }

    /// What a profile must have in common with the machine it is used on.
    public var identity: [String: String] {
        [
            "cpu": cpuModel, "cores": String(logicalCores), "architecture": architecture,
            "flags": cpuFlags.joined(separator: " "),
        ]
    }

    private static func runningArchitecture() -> String {
        var name = utsname()
        uname(&name)
        return withUnsafeBytes(of: &name.machine) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// The number of cores that the scheduler may put this process on, from a mask such as `ff,ffffffff`.
    static func affinity(_ files: KernelFiles) throws(MachineError) -> Int {
        let path = "/proc/self/status"
        let mask = try files.read(path).keyedLines().first { $0.key == "Cpus_allowed" }?.value
        let cores = (mask ?? "").reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
        guard cores > 0 else {
            throw MachineError(.malformed, "\(path): Cpus_allowed: expected a mask, found \(mask ?? "no such line")")
        }
        return cores
    }
}

extension KernelFiles {
    /// The bytes that a line such as `MemTotal:  16316412 kB` gives.
    static func bytes(_ key: String, in text: String, of path: String) throws(MachineError) -> Int {
        let value = text.keyedLines().first { $0.key == key }?.value
        guard let value, value.hasSuffix(" kB"), let kibibytes = Int(value.dropLast(3).trimmed) else {
            throw MachineError(.malformed, "\(path): \(key): expected a number of kB, found \(value ?? "no such line")")
        }
        return kibibytes * 1_024
    }
}
