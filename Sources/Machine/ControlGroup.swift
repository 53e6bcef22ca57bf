/// A control group that can limit the processor time of this process, version 1 or 2.
struct ControlGroup: Equatable {
    /// Where its hierarchy is mounted.
    var mountPoint: String
    /// The group's path below the mount point; empty for the mount point itself.
    var path: String
    /// Whether it is of version 2.
    var isUnified: Bool

    /// The group's folder.
    var folder: String { mountPoint + path }

    /// The groups that this process is in, one for each hierarchy that can limit processor time.
    static func ofThisProcess(files: KernelFiles) -> [ControlGroup] {
        guard let groups = files.readIfPresent("/proc/self/cgroup"),
            let mounts = files.readIfPresent("/proc/self/mountinfo")
        else { return [] }
        // A line of /proc/self/cgroup: 4:cpu,cpuacct:/path (version 1) or 0::/path (version 2).
        let paths = groups.split(separator: "\n").compactMap { line -> (isUnified: Bool, path: String)? in
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return nil }
            if fields[0] == "0", fields[1].isEmpty { return (true, String(fields[2])) }
            return fields[1].split(separator: ",").contains("cpu") ? (false, String(fields[2])) : nil
        }
        // A line of /proc/self/mountinfo: id parent device root mount-point options… - type source super-options
        return mounts.split(separator: "\n").compactMap { line -> ControlGroup? in
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash >= 5, fields.count > dash + 3 else { return nil }
            let isUnified = fields[dash + 1] == "cgroup2"
            let holdsProcessor = fields[dash + 1] == "cgroup" && fields[dash + 3].split(separator: ",").contains("cpu")
            guard isUnified || holdsProcessor, let group = paths.first(where: { $0.isUnified == isUnified }) else {
                return nil
            }
            // A container sees its own group as the root of the mount, though its path starts at the machine's root.
            let root = fields[3] == "/" ? "" : String(fields[3])
            let isBelow = group.path == root || group.path.hasPrefix(root + "/")
            let path = isBelow ? group.path.dropFirst(root.count) : "/"
            return ControlGroup(
                mountPoint: String(fields[4]), path: path == "/" ? "" : String(path), isUnified: isUnified)
        }
    }
}
