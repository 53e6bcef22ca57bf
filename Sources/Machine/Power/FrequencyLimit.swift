/// The highest frequency of the processors, by cpufreq.
///
/// Source: the kernel's `Documentation/admin-guide/pm/cpufreq.rst`.
struct FrequencyLimit: PowerKnob {
    static let folder = "/sys/devices/system/cpu/cpufreq"

    let kind = PowerKind.frequency
    private let files: KernelFiles
    private let policies: [Clock]

    /// Processors that share a clock, and what their hardware allows, in kHz.
    private struct Clock {
        var folder: String
        var allowed: ClosedRange<Int>
    }

    /// - Throws: `PowerObstacle`.
    init(files: KernelFiles) throws(PowerObstacle) {
        self.files = files
        let folders = try Self.policies(files: files)
        var policies: [Clock] = []
        for folder in folders {
            guard let least = files.number(folder + "/cpuinfo_min_freq"), least > 0,
                let most = files.number(folder + "/cpuinfo_max_freq"), most >= least
            else {
                throw PowerObstacle(
                    reason: "\(files.root)\(folder): does not say which frequencies it has", remedy: "")
            }
            guard files.isWritable(Self.limit(folder)) else {
                throw PowerObstacle(
                    reason: "\(files.root)\(Self.limit(folder)): this user may not write it",
                    remedy: "sudo chmod o+w \(files.root)\(Self.folder)/policy*/scaling_max_freq, "
                        + "or docs/power.md's rule for good")
            }
            policies.append(Clock(folder: folder, allowed: least...most))
        }
        self.policies = policies
    }

    /// The folders of cpufreq's policies.
    static func policies(files: KernelFiles) throws(PowerObstacle) -> [String] {
        let names = files.names(in: folder).filter { $0.hasPrefix("policy") && Int($0.dropFirst(6)) != nil }
        guard !names.isEmpty else {
            throw PowerObstacle(
                reason: "the kernel has no frequency driver for these processors (\(files.root)\(folder) is empty)",
                remedy: "Virtual machines have none; on hardware: sudo modprobe acpi-cpufreq.")
        }
        return names.map { "\(folder)/\($0)" }
    }

    var bounds: String {
        let least = policies.map { $0.allowed.lowerBound }.min() ?? 0
        let most = policies.map { $0.allowed.upperBound }.max() ?? 0
        return "\(PowerLimit.frequency(kilohertz: least).value) to \(PowerLimit.frequency(kilohertz: most).value)"
    }

    var current: String {
        var seen: Set<Int> = []
        let values = policies.compactMap { files.number(Self.limit($0.folder)) }.filter { seen.insert($0).inserted }
        return values.map { PowerLimit.frequency(kilohertz: $0).value }.joined(separator: ", ")
    }

    var steps: [PowerLimit] {
        let most = policies.map { $0.allowed.upperBound }.max() ?? 0
        return PowerKnobs.shares.map { .frequency(kilohertz: Int((Double(most) * $0 / 1e5).rounded()) * 100_000) }
    }

    func check(_ limit: PowerLimit) throws(MachineError) {
        guard case .frequency(let kilohertz) = limit else { return }
        let least = policies.map { $0.allowed.lowerBound }.min() ?? 0
        let most = policies.map { $0.allowed.upperBound }.max() ?? 0
        guard (least...most).contains(kilohertz) else {
            throw MachineError(.badSetting, "frequency: \(limit.value): this machine allows \(bounds)")
        }
    }

    func found() throws(MachineError) -> [(target: String, value: String)] {
        var found: [(target: String, value: String)] = []
        for policy in policies {
            found.append((Self.limit(policy.folder), try files.read(Self.limit(policy.folder)).trimmed))
        }
        return found
    }

    func open() throws(MachineError) -> [any PowerRegister] {
        var registers: [any PowerRegister] = []
        for policy in policies { registers.append(try FileRegister(Self.limit(policy.folder), files: files)) }
        return registers
    }

    /// Big and little cores have bounds of their own: each takes what it can of the limit.
    func text(of limit: PowerLimit, for target: String, before: String) -> String {
        guard case .frequency(let kilohertz) = limit,
            let policy = policies.first(where: { Self.limit($0.folder) == target })
        else { return before }
        return "\(min(max(kilohertz, policy.allowed.lowerBound), policy.allowed.upperBound))"
    }

    /// Clocks fall when the hardware next changes them, which `scaling_cur_freq` shows where it is known.
    func isInForce(_ limit: PowerLimit) -> Bool {
        guard case .frequency(let kilohertz) = limit else { return true }
        return policies.allSatisfy { policy in
            let ceiling = max(kilohertz, policy.allowed.lowerBound)
            return files.number(policy.folder + "/scaling_cur_freq").map { $0 <= ceiling + ceiling / 50 } ?? true
        }
    }

    /// Whether a state file's target is one of these, or of the preferences.
    static func owns(_ target: String, _ name: String = "scaling_max_freq") -> Bool {
        let parts = target.dropFirst(folder.count).split(separator: "/")
        return target.hasPrefix(folder + "/policy") && parts.count == 2 && Int(parts[0].dropFirst(6)) != nil
            && parts[1] == name
    }

    private static func limit(_ folder: String) -> String { folder + "/scaling_max_freq" }
}
