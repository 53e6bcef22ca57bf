import Glibc

/// The processor's energy counters (Running Average Power Limit), as the kernel's powercap folder shows them.
enum RAPL {
    private static let folder = "/sys/class/powercap"
    /// Since CVE-2020-8694 the kernel lets only root read them.
    private static let remedy = """
        Until the next start: `sudo chmod a+r \(folder)/intel-rapl:*/energy_uj`. For good: \
        `echo 'SUBSYSTEM=="powercap", ACTION=="add", RUN+="/bin/chmod a+r /sys%p/energy_uj"' | sudo tee \
        /etc/udev/rules.d/70-heed-energy.rules`.
        """

    /// Opens the zones that together cover most: the platform, or else each package, and memory that has a zone.
    static func find(in files: KernelFiles) -> FoundMeter {
        // Those of `intel-rapl-mmio` are the same packages once more.
        let zones = files.names(in: folder).filter { $0.hasPrefix("intel-rapl:") }.compactMap { zone in
            files.readIfPresent("\(folder)/\(zone)/name").map { (folder: "\(folder)/\(zone)", name: $0.trimmed) }
        }
        guard !zones.isEmpty else { return absent(in: files) }
        let now = Duration.monotonic()
        for zone in zones where zone.name == "psys" {
            // Some firmware has the zone but does not count in it.
            if let platform = try? RAPLZone(zone.folder, name: zone.name, in: files, at: now), platform.count > 0 {
                return .counters([platform], .machine)
            }
        }
        var counters: [RAPLZone] = []
        for zone in zones where zone.name.hasPrefix("package") || zone.name == "dram" {
            do throws(CounterFailure) {
                counters.append(try RAPLZone(zone.folder, name: zone.name, in: files, at: now))
            } catch {
                let path = "\(files.root)\(zone.folder)/energy_uj"
                if case .unreadable(EACCES) = error {
                    return .missing("\(path): only root may read it", remedy: remedy)
                }
                // A package without a figure would make the sum look like all; memory may be left out.
                if zone.name != "dram" { return .missing("\(path): \(error)", remedy: nil) }
            }
        }
        guard !counters.isEmpty else {
            let names = zones.map(\.name).joined(separator: ", ")
            return .missing("\(folder) has no zone of a package, only \(names)", remedy: nil)
        }
        return .counters(counters, .processor)
    }

    private static func absent(in files: KernelFiles) -> FoundMeter {
        let lines = (files.readIfPresent("/proc/cpuinfo") ?? "").keyedLines()
        let flags = lines.first { $0.key == "flags" }?.value.split(separator: " ") ?? []
        if flags.contains("hypervisor") {
            return .missing("a virtual machine is not shown its processor's counters", remedy: nil)
        }
        guard lines.contains(where: { ["GenuineIntel", "AuthenticAMD"].contains($0.value) }) else {
            return .missing("this processor has no such counters", remedy: nil)
        }
        return .missing(
            "\(folder) has no zone intel-rapl:*: the kernel's driver is not loaded",
            remedy: "Run `sudo modprobe intel_rapl_msr`; in a container, mount /sys.")
    }
}
