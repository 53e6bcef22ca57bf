import Units

/// The sensor chips that the kernel shows under `/sys/class/hwmon`: energy where a chip counts it, else power.
///
/// Source: the kernel's `Documentation/hwmon/sysfs-interface.rst`.
enum HardwareMonitors {
    private static let folder = "/sys/class/hwmon"
    /// Sensors average over some tens of milliseconds.
    private static let interval = Duration.milliseconds(100)

    /// One figure of a chip's.
    private struct Channel {
        var path: String
        var label: String
        var isEnergy: Bool
    }

    /// What the figures of a chip cover, where that is known.
    private static func coverage(ofChip name: String) -> MeterStatus.Coverage? {
        switch name {
        case "power_meter", "macsmc_hwmon", "corsairpsu": .machine
        // Texas Instruments' current sensors, which boards have in their supply.
        case _ where name.hasPrefix("ina"): .machine
        case "amdgpu", "i915", "xe", "nouveau": .graphics
        default: nil
        }
    }

    /// Opens what measures the machine, or else the graphics cards.
    static func find(in files: KernelFiles) -> FoundMeter {
        var counters: [MeterStatus.Coverage: [any EnergyCounter]] = [:]
        var unused: [String] = []
        var failures: [String] = []
        for monitor in files.names(in: folder) {
            let chip = files.readIfPresent("\(folder)/\(monitor)/name")?.trimmed ?? monitor
            let channels = channels(of: "\(folder)/\(monitor)", chip: chip, in: files)
            guard !channels.isEmpty else { continue }
            guard let coverage = coverage(ofChip: chip) else {
                unused.append(chip)
                continue
            }
            for channel in channels {
                do throws(CounterFailure) {
                    counters[coverage, default: []].append(try counter(channel, in: files))
                } catch {
                    failures.append("\(files.root)\(channel.path) \(error)")
                }
            }
        }
        for coverage in [MeterStatus.Coverage.machine, .graphics] {
            if let found = counters[coverage] { return .counters(found, coverage) }
        }
        if let failure = failures.first { return .missing(failure, remedy: nil) }
        if unused.isEmpty { return .missing("no sensor under \(folder) measures power or energy", remedy: nil) }
        return .missing("heed does not know what \(unused.joined(separator: ", ")) measures", remedy: nil)
    }

    /// The channels of a chip that together say what it covers.
    private static func channels(of folder: String, chip: String, in files: KernelFiles) -> [Channel] {
        let names = files.names(in: folder)
        func found(_ prefix: String, _ suffix: String) -> [Channel] {
            names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }.map { name in
                let number = name.dropFirst(prefix.count).dropLast(suffix.count)
                let label = files.readIfPresent("\(folder)/\(prefix)\(number)_label")?.trimmed
                return Channel(
                    path: "\(folder)/\(name)", label: "\(chip) \(label ?? "\(prefix)\(number)")",
                    isEnergy: prefix == "energy")
            }
        }
        let kinds = [found("energy", "_input"), found("power", "_input"), found("power", "_average")]
        let channels = kinds.first { !$0.isEmpty } ?? []
        let totals = ["total", "vdd_in", "system"]
        if let total = channels.first(where: { channel in totals.contains { channel.label.lowercased().contains($0) } })
        {
            return [total]
        }
        // The rails of a board add up; what other chips have beside their first figure is part of it.
        return chip.hasPrefix("ina") ? channels : Array(channels.prefix(1))
    }

    private static func counter(_ channel: Channel, in files: KernelFiles) throws(CounterFailure) -> SampledCounter {
        // Both are in millionths.
        let file = try NumberFile(channel.path, in: files)
        return try SampledCounter(.hwmon, name: channel.label, interval: interval) { () throws(CounterFailure) in
            let value = Double(try file.read()) * 1e-6
            return channel.isEnergy ? .energy(Joules(value)) : .power(Watts(value))
        }
    }
}
