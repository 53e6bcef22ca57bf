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
        var tightest = Double.infinity
        for group in ControlGroup.ofThisProcess(files: files) {
            // A quota of any group above holds as well.
            for path in Self.ancestors(group.path) {
                let folder = group.mountPoint + path
                let quota = group.isUnified ? Self.unified(folder, files) : Self.legacy(folder, files)
                tightest = min(tightest, quota ?? .infinity)
            }
        }
        guard tightest.isFinite else { return nil }
        cores = tightest
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
