import Units

/// The batteries that the machine runs on, by the kernel's `/sys/class/power_supply`.
///
/// Source: the kernel's `Documentation/ABI/testing/sysfs-class-power`.
enum Batteries {
    private static let folder = "/sys/class/power_supply"
    /// Gauges answer anew about once a second, and slowly.
    private static let interval = Duration.seconds(1)
    private static let onMains = "the machine is on mains, where a battery's gauge does not show what it draws"

    /// Opens the batteries' gauges, while at least one of them feeds the machine.
    static func find(in files: KernelFiles) -> FoundMeter {
        let batteries = files.names(in: folder).filter { name in
            func says(_ file: String) -> String? { files.readIfPresent("\(folder)/\(name)/\(file)")?.trimmed }
            // A mouse or a headset has a battery of its own.
            return says("type") == "Battery" && says("scope") != "Device"
        }
        guard !batteries.isEmpty else { return .missing("no battery under \(folder)", remedy: nil) }
        do throws(CounterFailure) {
            let counter = try SampledCounter(.battery, name: batteries.joined(separator: "+"), interval: interval) {
                () throws(CounterFailure) in try sample(batteries, in: files)
            }
            return .counters([counter], .machine)
        } catch {
            let isOnMains = error == .useless(onMains)
            return .missing("\(error)", remedy: isOnMains ? "Unplug the charger to measure with it." : nil)
        }
    }

    /// What the batteries give together; those that rest give nothing.
    private static func sample(
        _ batteries: [String], in files: KernelFiles
    ) throws(CounterFailure) -> SampledCounter.Sample {
        var power = Watts.zero
        var isFeeding = false
        for name in batteries {
            let folder = "\(folder)/\(name)"
            guard let status = files.readIfPresent(folder + "/status")?.trimmed else {
                throw .useless("\(files.root)\(folder)/status cannot be read")
            }
            if status == "Charging" { throw .useless(onMains) }
            guard status == "Discharging" else { continue }
            isFeeding = true
            power += try self.power(of: folder, in: files)
        }
        if !isFeeding { throw .useless(onMains) }
        return .power(power)
    }

    /// What a battery gives: its own figure in microwatts, or its current (µA) times its voltage (µV).
    private static func power(of folder: String, in files: KernelFiles) throws(CounterFailure) -> Watts {
        // Some drivers count what leaves a battery as negative.
        if let power = try number(folder + "/power_now", in: files) { return Watts(power.magnitude * 1e-6) }
        guard let current = try number(folder + "/current_now", in: files),
            let voltage = try number(folder + "/voltage_now", in: files)
        else { throw .useless("\(files.root)\(folder) says neither power_now nor current_now and voltage_now") }
        return Watts(current.magnitude * voltage.magnitude * 1e-12)
    }

    /// What a file says; nil where there is none.
    private static func number(_ path: String, in files: KernelFiles) throws(CounterFailure) -> Double? {
        guard let text = files.readIfPresent(path) else { return nil }
        guard let number = Double(text.trimmed), number.isFinite else {
            throw .useless("\(files.root)\(path) does not hold a number")
        }
        return number
    }
}
