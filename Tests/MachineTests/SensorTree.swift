import Synchronization

@testable import Machine

/// The sensors' part of a copied tree.
extension MachineTree {
    var files: KernelFiles { KernelFiles(root: root) }

    func meters(nvml: String? = nil) -> EnergyMeters { EnergyMeters.discover(root: root, nvml: nvml) }

    /// Adds a zone of the processor's counters.
    func addZone(_ zone: String, name: String, microjoules: Int, range: Int = 262_143_328_850) throws {
        let folder = "/sys/class/powercap/\(zone)"
        try write("\(name)\n", to: folder + "/name")
        try write("\(range)\n", to: folder + "/max_energy_range_uj")
        try setZone(zone, "\(microjoules)\n")
    }

    /// Changes what a zone's file holds; in place, as the kernel does.
    func setZone(_ zone: String, _ text: String) throws {
        try write(text, to: "/sys/class/powercap/\(zone)/energy_uj")
    }

    /// Adds two packages, a memory, and cores that are part of a package.
    func addPackages() throws {
        try addZone("intel-rapl:0", name: "package-0", microjoules: 1_000_000)
        try addZone("intel-rapl:0:0", name: "core", microjoules: 900_000)
        try addZone("intel-rapl:0:1", name: "dram", microjoules: 10_000_000)
        try addZone("intel-rapl:1", name: "package-1", microjoules: 5_000_000)
        try addZone("intel-rapl-mmio:0", name: "package-0", microjoules: 1_000_000)
    }

    /// Adds a chip of `/sys/class/hwmon`.
    func addMonitor(_ number: Int, chip: String, _ files: [String: String]) throws {
        try write("\(chip)\n", to: "/sys/class/hwmon/hwmon\(number)/name")
        for (name, text) in files { try write(text + "\n", to: "/sys/class/hwmon/hwmon\(number)/\(name)") }
    }

    /// Adds a battery, or changes what it says.
    func setBattery(_ files: [String: String], name: String = "BAT0") throws {
        for (file, text) in files.merging(["type": "Battery"], uniquingKeysWith: { said, _ in said }) {
            try write(text + "\n", to: "/sys/class/power_supply/\(name)/\(file)")
        }
    }
}

/// Remembers what a meter tells.
final class Listener: Sendable {
    private let heard = Mutex<[String]>([])

    var lines: [String] { heard.withLock { $0 } }

    @Sendable func hear(_ line: String) { heard.withLock { $0.append(line) } }
}
