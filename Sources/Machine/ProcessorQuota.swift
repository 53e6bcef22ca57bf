/// The processor time that the control groups of this process leave it: the kernel's CPU bandwidth, version 1 or 2.
///
/// Source: the kernel's `Documentation/admin-guide/cgroup-v2.rst` (`cpu.max`) and `scheduler/sched-bwc.rst`.
struct ProcessorQuota: Equatable {
    /// Cores' worth of time: 1.5 is three halves of a second each second.
    var cores: Double

    /// Threads that can use the time: an unfinished core still takes a thread to use.
    var wholeCores: Int { max(1, Int(cores.rounded(.up))) }

    /// The tightest quota over this process; nil when there is none, or no control groups.
    init?(files: KernelFiles) {
        guard let groups = files.readIfPresent("/proc/self/cgroup"),
            let mounts = files.readIfPresent("/proc/self/mountinfo")
        else { return nil }
        var tightest = Double.infinity
        for hierarchy in Self.hierarchies(groups: groups, mounts: mounts) {
            // A quota of any group above holds as well.
            for group in Self.ancestors(hierarchy.group) {
                let folder = hierarchy.mountPoint + group
                let quota = hierarchy.isUnified ? Self.unified(folder, files) : Self.legacy(folder, files)
                tightest = min(tightest, quota ?? .infinity)
            }
        }
        guard tightest.isFinite else { return nil }
        cores = tightest
    }

    private struct Hierarchy {
        var mountPoint: String
        /// The path of this process's group below the mount point; empty for the mount point itself.
        var group: String
        var isUnified: Bool
    }

    /// The hierarchies that can limit processor time, and where this process is in each.
    private static func hierarchies(groups: String, mounts: String) -> [Hierarchy] {
        // A line of /proc/self/cgroup: 4:cpu,cpuacct:/path (version 1) or 0::/path (version 2).
        let groups = groups.split(separator: "\n").compactMap { line -> (isUnified: Bool, path: String)? in
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return nil }
            if fields[0] == "0", fields[1].isEmpty { return (true, String(fields[2])) }
            return fields[1].split(separator: ",").contains("cpu") ? (false, String(fields[2])) : nil
        }
        // A line of /proc/self/mountinfo: id parent device root mount-point options… - type source super-options
        return mounts.split(separator: "\n").compactMap { line -> Hierarchy? in
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash >= 5, fields.count > dash + 3 else { return nil }
            let isUnified = fields[dash + 1] == "cgroup2"
            let holdsProcessor = fields[dash + 1] == "cgroup" && fields[dash + 3].split(separator: ",").contains("cpu")
            guard isUnified || holdsProcessor, let group = groups.first(where: { $0.isUnified == isUnified }) else {
                return nil
            }
            // A container sees its own group as the root of the mount, though its path starts at the machine's root.
            let root = fields[3] == "/" ? "" : String(fields[3])
            let isBelow = group.path == root || group.path.hasPrefix(root + "/")
            let path = isBelow ? group.path.dropFirst(root.count) : "/"
            return Hierarchy(
                mountPoint: String(fields[4]), group: path == "/" ? "" : String(path), isUnified: isUnified)
        }
    }

    /// A path and every path above it, down to the empty one.
    private static func ancestors(_ path: String) -> [String] {
        var paths = [path]
        while let last = paths.last, let slash = last.lastIndex(of: "/") { paths.append(String(last[..<slash])) }
        return paths
    }

    /// `cpu.max` holds `quota period` in microseconds, or `max period`.
    private static func unified(_ folder: String, _ files: KernelFiles) -> Double? {
        guard let fields = files.readIfPresent(folder + "/cpu.max")?.split(whereSeparator: \.isWhitespace),
            fields.count == 2
        else { return nil }
        return cores(quota: String(fields[0]), period: String(fields[1]))
    }

    /// The quota is −1 where there is none.
    private static func legacy(_ folder: String, _ files: KernelFiles) -> Double? {
        guard let quota = files.readIfPresent(folder + "/cpu.cfs_quota_us")?.trimmed,
            let period = files.readIfPresent(folder + "/cpu.cfs_period_us")?.trimmed
        else { return nil }
        return cores(quota: quota, period: period)
    }

    private static func cores(quota: String, period: String) -> Double? {
        guard let quota = Double(quota), let period = Double(period), quota > 0, period > 0 else { return nil }
        return quota / period
    }
}
