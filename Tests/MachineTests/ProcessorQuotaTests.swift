import Testing

@testable import Machine

struct ProcessorQuotaTests {
    private let unified = "42 32 0:38 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
    private let legacy = "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:5 - cgroup cgroup rw,cpu,cpuacct\n"

    private func quota(_ files: [String: String]) throws -> Double? {
        try MachineTree(files).quota()?.cores
    }

    @Test func withoutControlGroupsThereIsNone() throws {
        #expect(try quota([:]) == nil)
    }

    @Test func inVersion2AGroupHasItsQuota() throws {
        #expect(
            try quota([
                "/proc/self/cgroup": "0::/user.slice/heed.scope\n", "/proc/self/mountinfo": unified,
                "/sys/fs/cgroup/user.slice/heed.scope/cpu.max": "250000 100000\n",
            ]) == 2.5)
    }

    @Test func aTighterQuotaAboveHolds() throws {
        #expect(
            try quota([
                "/proc/self/cgroup": "0::/user.slice/heed.scope\n", "/proc/self/mountinfo": unified,
                "/sys/fs/cgroup/user.slice/cpu.max": "50000 100000\n",
                "/sys/fs/cgroup/user.slice/heed.scope/cpu.max": "250000 100000\n",
            ]) == 0.5)
    }

    @Test func noLimitIsNone() throws {
        #expect(
            try quota([
                "/proc/self/cgroup": "0::/heed\n", "/proc/self/mountinfo": unified,
                "/sys/fs/cgroup/heed/cpu.max": "max 100000\n",
            ]) == nil)
    }

    @Test func inVersion1TheProcessorsHierarchyCounts() throws {
        #expect(
            try quota([
                "/proc/self/cgroup": "5:memory:/other\n4:cpu,cpuacct:/heed\n0::/\n",
                "/proc/self/mountinfo": legacy,
                "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
                "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
                "/sys/fs/cgroup/cpu,cpuacct/heed/cpu.cfs_quota_us": "300000\n",
                "/sys/fs/cgroup/cpu,cpuacct/heed/cpu.cfs_period_us": "100000\n",
            ]) == 3)
    }

    @Test func aContainersOwnGroupIsTheRootOfItsMount() throws {
        let mount = "32 31 0:29 /docker/f00 /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n"
        #expect(
            try quota([
                "/proc/self/cgroup": "4:cpu:/docker/f00\n", "/proc/self/mountinfo": mount,
                "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "150000\n",
                "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            ]) == 1.5)
    }

    @Test func withBothVersionsTheTighterHolds() throws {
        #expect(
            try quota([
                "/proc/self/cgroup": "4:cpu,cpuacct:/\n0::/heed\n", "/proc/self/mountinfo": legacy + unified,
                "/sys/fs/cgroup/heed/cpu.max": "400000 100000\n",
                "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "200000\n",
                "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
            ]) == 2)
    }

    @Test(arguments: ["", "nonsense", "0 100000", "100000 0", "-5 100000"])
    func aQuotaThatMakesNoSenseIsNone(text: String) throws {
        #expect(
            try quota([
                "/proc/self/cgroup": "0::/\n", "/proc/self/mountinfo": unified, "/sys/fs/cgroup/cpu.max": text,
            ]) == nil)
    }

    @Test func aPartOfACoreStillTakesAThread() throws {
        let files: [String: String] = [
            "/proc/self/cgroup": "0::/\n", "/proc/self/mountinfo": unified, "/sys/fs/cgroup/cpu.max": "20000 100000",
        ]
        #expect(try MachineTree(files).quota()?.wholeCores == 1)
    }
}
