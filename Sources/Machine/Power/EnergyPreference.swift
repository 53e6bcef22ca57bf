/// How the processors weigh energy against speed when they choose their own frequency.
///
/// Source: the kernel's `Documentation/admin-guide/pm/intel_pstate.rst`, "Energy vs Performance Hints"; `amd-pstate`
/// has the same files.
struct EnergyPreference: PowerKnob {
    private static let name = "energy_performance_preference"

    let kind = PowerKind.preference
    private let files: KernelFiles
    private let folders: [String]
    /// What every processor knows.
    private let offered: [String]

    /// - Throws: `PowerObstacle`.
    init(files: KernelFiles) throws(PowerObstacle) {
        self.files = files
        let policies = try FrequencyLimit.policies(files: files)
        let folders = policies.filter { files.readIfPresent("\($0)/\(Self.name)") != nil }
        self.folders = folders
        guard let first = folders.first else {
            throw PowerObstacle(
                reason: "the frequency driver has no energy preference "
                    + "(\(files.root)\(FrequencyLimit.folder)/policy*/\(Self.name))",
                remedy: "It takes intel_pstate or amd-pstate in active mode: boot with intel_pstate=active or "
                    + "amd_pstate=active.")
        }
        func words(_ folder: String) -> [String] {
            (files.readIfPresent("\(folder)/energy_performance_available_preferences") ?? "")
                .split(whereSeparator: \.isWhitespace).map(String.init)
        }
        offered = words(first).filter { word in folders.allSatisfy { words($0).contains(word) } }
        guard !offered.isEmpty else {
            throw PowerObstacle(
                reason: "\(files.root)\(first): does not say which energy preferences it has", remedy: "")
        }
        if let closed = folders.first(where: { !files.isWritable("\($0)/\(Self.name)") }) {
            throw PowerObstacle(
                reason: "\(files.root)\(closed)/\(Self.name): this user may not write it",
                remedy: "sudo chmod o+w \(files.root)\(FrequencyLimit.folder)/policy*/\(Self.name), "
                    + "or docs/power.md's rule for good")
        }
    }

    var bounds: String { offered.joined(separator: ", ") }

    var current: String {
        var seen: Set<String> = []
        let values = folders.compactMap { files.readIfPresent("\($0)/\(Self.name)")?.trimmed }
        return values.filter { seen.insert($0).inserted }.joined(separator: ", ")
    }

    var steps: [PowerLimit] {
        ["balance_power", "power"].filter { offered.contains($0) && $0 != current }.map { .preference($0) }
    }

    func check(_ limit: PowerLimit) throws(MachineError) {
        guard case .preference(let name) = limit, !offered.contains(name) else { return }
        throw MachineError(.badSetting, "preference: \(name): this machine has \(bounds)")
    }

    func found() throws(MachineError) -> [(target: String, value: String)] {
        var found: [(target: String, value: String)] = []
        for folder in folders {
            found.append(("\(folder)/\(Self.name)", try files.read("\(folder)/\(Self.name)").trimmed))
        }
        return found
    }

    func open() throws(MachineError) -> [any PowerRegister] {
        var registers: [any PowerRegister] = []
        for folder in folders { registers.append(try FileRegister("\(folder)/\(Self.name)", files: files)) }
        return registers
    }

    func text(of limit: PowerLimit, for _: String, before: String) -> String {
        guard case .preference(let name) = limit else { return before }
        return name
    }

    /// Whether a state file's target is one of these.
    static func owns(_ target: String) -> Bool { FrequencyLimit.owns(target, name) }
}
