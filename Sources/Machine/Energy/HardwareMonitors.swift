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

    /// Kinds of chips of which each covers the machine by itself, those that see most of it first.
    private static let supplies = ["power_meter", "macsmc_hwmon", "corsairpsu", boards]
    /// Texas Instruments' current sensors, which boards have in their supply, one for some rails each.
    private static let boards = "ina"
    private static let graphics = ["amdgpu", "i915", "xe", "nouveau"]

    /// Opens what measures the machine, or else the graphics cards.
    static func find(in files: KernelFiles) -> FoundMeter {
        var supply: [String: [Channel]] = [:]
        var cards: [Channel] = []
        var unused: [String] = []
        for monitor in files.names(in: folder) {
            let chip = files.readIfPresent("\(folder)/\(monitor)/name")?.trimmed ?? monitor
            let channels = channels(of: "\(folder)/\(monitor)", chip: chip, in: files)
            guard let first = channels.first else { continue }
            // The rails of a board add up; what other chips have beside their first figure is part of it.
            if chip.hasPrefix(boards) {
                supply[boards, default: []] += channels
            } else if supplies.contains(chip) {
                supply[chip, default: []].append(total(of: channels) ?? first)
            } else if graphics.contains(chip) {
                cards.append(total(of: channels) ?? first)
            } else {
                unused.append(chip)
            }
        }
        if let rails = supply[boards], let total = total(of: rails) { supply[boards] = [total] }
        var failures: [String] = []
        // Two kinds would count the machine twice, and a part of one is not the machine.
        for kind in supplies {
            guard let channels = supply[kind] else { continue }
            let opened = counters(channels, in: files, &failures)
            if opened.count == channels.count { return .counters(opened, .machine) }
        }
        let opened = counters(cards, in: files, &failures)
        if !opened.isEmpty { return .counters(opened, .graphics) }
        if let failure = failures.first { return .missing(failure, remedy: nil) }
        if unused.isEmpty { return .missing("no sensor under \(folder) measures power or energy", remedy: nil) }
        return .missing("heed does not know what \(unused.joined(separator: ", ")) measures", remedy: nil)
    }

    /// The figures of a chip, all of one unit.
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
        return kinds.first { !$0.isEmpty } ?? []
    }

    /// The figure that holds the others; nil where none says so.
    private static func total(of channels: [Channel]) -> Channel? {
        let totals = ["total", "vdd_in", "system"]
        return channels.first { channel in totals.contains { channel.label.lowercased().contains($0) } }
    }

    /// Opens what can be opened, and notes what cannot.
    private static func counters(
        _ channels: [Channel], in files: KernelFiles, _ failures: inout [String]
    ) -> [any EnergyCounter] {
        channels.compactMap { channel in
            do throws(CounterFailure) {
                return try counter(channel, in: files)
            } catch {
                failures.append("\(files.root)\(channel.path) \(error)")
                return nil
            }
        }
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
