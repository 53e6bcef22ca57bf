import Glibc

/// The share of processor time that a process may use: a control group of heed's own with a quota, version 1 or 2.
///
/// The process is moved into a group below its own, which is removed again. Source: the kernel's
/// `Documentation/scheduler/sched-bwc.rst` and `admin-guide/cgroup-v2.rst`.
struct ProcessorBandwidth: PowerKnob {
    /// The quota is renewed this often: a process that has used it up waits no longer than this.
    static let period = 10_000

    let kind = PowerKind.cpu
    private let files: KernelFiles
    private let isUnified: Bool
    private let process: pid_t
    /// The folder of the group that the process is in.
    private let home: String
    private let cores: Double
    private let own: OwnGroup

    /// - Parameters:
    ///   - cores: Cores' worth of time that the process could use now.
    ///   - group: Where to make the group, as a folder; below the process's own when nil.
    /// - Throws: `PowerObstacle`.
    init(files: KernelFiles, process: pid_t, cores: Double, group: String? = nil) throws(PowerObstacle) {
        self.files = files
        self.process = process
        self.cores = cores
        let groups = ControlGroup.ofThisProcess(files: files)
        let usable = groups.first { group in
            group.isUnified
                ? files.words(group.folder + "/cgroup.controllers").contains("cpu")
                : files.readIfPresent(group.folder + "/cpu.cfs_quota_us") != nil || group.path.isEmpty
        }
        guard let usable else {
            throw PowerObstacle(
                reason: "no control group with a `cpu` controller is mounted here", remedy: Self.scope)
        }
        isUnified = usable.isUnified
        home = usable.folder
        let parent = group ?? home
        guard parent == usable.mountPoint || parent.hasPrefix(usable.mountPoint + "/") else {
            throw PowerObstacle(reason: "\(parent): is not a control group below \(usable.mountPoint)", remedy: "")
        }
        guard files.isWritable(parent) else {
            throw PowerObstacle(
                reason: "\(files.root)\(parent): this user may not make a control group there", remedy: Self.scope)
        }
        let isReady = !isUnified || files.words(parent + "/cgroup.subtree_control").contains("cpu")
        // In version 2 a group that gives its children a controller has no processes of its own, the root apart.
        let others = files.words(parent + "/cgroup.procs").filter { $0 != "\(process)" }
        let isRoot = files.readIfPresent(parent + "/cgroup.type") == nil
        guard isReady || isRoot || others.isEmpty else {
            throw PowerObstacle(
                reason: "\(files.root)\(parent): \(others.count) other processes are in heed's control group",
                remedy: Self.scope)
        }
        own = OwnGroup(
            folder: "\(parent)/\(OwnGroup.name(process))", enablesController: !isReady, files: files)
    }

    private static let scope = "systemd-run --user --scope -p Delegate=yes heed …, which gives heed a group of its own"

    var bounds: String { "\(PowerLimit.cpu(percent: least).value) to 100% of \(cores) cores" }

    /// The kernel's least quota is a millisecond.
    private var least: Double { (1_000.0 * 1e3 / Double(Self.period) / cores).rounded(.up) / 10 }

    var current: String { "100%" }

    var steps: [PowerLimit] { PowerKnobs.shares.map { .cpu(percent: 100 * $0) } }

    var group: OwnGroup? { own }

    /// Every heed has a group of its own.
    var isShared: Bool { false }

    /// The quota of one period at most: then the share is what was asked.
    var lag: Duration { .microseconds(Self.period) }

    func check(_ limit: PowerLimit) throws(MachineError) {
        guard case .cpu(let percent) = limit else { return }
        guard quota(percent) >= 1_000 else {
            throw MachineError(.badSetting, "cpu: \(limit.value): this machine allows \(bounds)")
        }
    }

    /// The group is not there yet: its quota begins as none.
    func found() throws(MachineError) -> [(target: String, value: String)] { [(target, unlimited)] }

    func open() throws(MachineError) -> [any PowerRegister] {
        try own.make(isUnified: isUnified, for: process, from: home, period: Self.period)
        return [try FileRegister(target, files: files)]
    }

    func text(of limit: PowerLimit, for _: String, before: String) -> String {
        guard case .cpu(let percent) = limit else { return before }
        return isUnified ? "\(quota(percent)) \(Self.period)" : "\(quota(percent))"
    }

    func close() throws(MachineError) { try own.remove(to: home) }

    private var target: String { own.folder + (isUnified ? "/cpu.max" : "/cpu.cfs_quota_us") }

    private var unlimited: String { isUnified ? "max \(Self.period)" : "-1" }

    private func quota(_ percent: Double) -> Int { Int((percent / 100 * cores * Double(Self.period)).rounded()) }
}

extension KernelFiles {
    /// The words in a file; none where there is no file.
    func words(_ path: String) -> [String] {
        (readIfPresent(path) ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
