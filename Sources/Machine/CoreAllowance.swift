/// How many of the machine's cores this process may use, and what keeps it from the others.
public struct CoreAllowance: Sendable, Hashable {
    /// The cores that the kernel may put this process on.
    public var allowed: Int
    /// The cores' worth of time that its control groups leave it; nil without a quota.
    public var quota: Double?

    /// What this process may use of the machine whose `/proc` and `/sys` are under `root`; empty for the machine's own.
    ///
    /// - Throws: `.unreadable` or `.malformed`.
    public static func current(root: String = "") throws(MachineError) -> CoreAllowance {
        let files = KernelFiles(root: root)
        return CoreAllowance(
            allowed: try MachineDescription.affinity(files), quota: ProcessorQuota(files: files)?.cores)
    }
}
