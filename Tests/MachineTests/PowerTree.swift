import FoundationEssentials
import Testing

@testable import Machine

/// A copied tree of a machine with power settings, and a state file beside it.
struct PowerTree {
    static let package = "/sys/class/powercap/intel-rapl:0/constraint_0_power_limit_uw"
    static let frequencies = (0...1).map { "/sys/devices/system/cpu/cpufreq/policy\($0)/scaling_max_freq" }
    static let preferences = (0...1).map {
        "/sys/devices/system/cpu/cpufreq/policy\($0)/energy_performance_preference"
    }
    static let group = "/sys/fs/cgroup/cpu/heed-\(ProcessIdentity.current()?.process ?? 0)"

    let tree: MachineTree
    var root: String { tree.root }
    var file: PowerStateFile { PowerStateFile(path: tree.root + "/state/heed/power.json") }

    init() throws {
        tree = try MachineTree([
            Self.package: "45000000\n",
            "/sys/class/powercap/intel-rapl:0/constraint_0_max_power_uw": "65000000\n",
            "/sys/class/powercap/intel-rapl:0/enabled": "1\n",
            "/sys/class/powercap/intel-rapl:0:0/constraint_0_power_limit_uw": "0\n",
            "/proc/self/cgroup": "1:cpu:/\n0::/\n",
            "/proc/self/mountinfo": "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n",
            "/sys/fs/cgroup/cpu/cgroup.procs": "1\n",
        ])
        for (index, most) in [4_200_000, 2_800_000].enumerated() {
            let folder = "/sys/devices/system/cpu/cpufreq/policy\(index)/"
            try tree.write("800000\n", to: folder + "cpuinfo_min_freq")
            try tree.write("\(most)\n", to: folder + "cpuinfo_max_freq")
            try tree.write("\(most)\n", to: folder + "scaling_max_freq")
            try tree.write("900000\n", to: folder + "scaling_cur_freq")
            try tree.write("balance_performance\n", to: folder + "energy_performance_preference")
            try tree.write(
                "default performance balance_performance balance_power power \n",
                to: folder + "energy_performance_available_preferences")
        }
    }

    var knobs: PowerKnobs {
        PowerKnobs(files: KernelFiles(root: root), process: ProcessIdentity.current()?.process ?? 0)
    }

    func control(_ settings: String...) throws -> PowerControl {
        PowerControl(knobs: knobs, settings: try settings.map { try PowerSetting($0) }, file: file)
    }

    func value(_ path: String) -> String? { KernelFiles(root: root).readIfPresent(path)?.trimmed }

    var restoration: PowerRestoration { PowerRestoration(knobs: knobs, file: file) }
}
