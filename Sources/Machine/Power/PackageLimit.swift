import Units

/// The long-term power limit of each processor package, by RAPL.
///
/// The kernel holds the mean over a window of its own to the limit (`constraint_0_time_window_us`, often 28 s), so that
/// a package that was idle may draw more for a while. Source: the kernel's `Documentation/power/powercap/powercap.rst`.
struct PackageLimit: PowerKnob {
    private static let folder = "/sys/class/powercap"

    let kind = PowerKind.package
    private let files: KernelFiles
    /// The folders of the packages.
    private let zones: [String]
    private let allowed: ClosedRange<Watts>

    /// - Throws: `PowerObstacle`.
    init(files: KernelFiles) throws(PowerObstacle) {
        self.files = files
        let names = files.names(in: Self.folder).filter { Self.isPackage($0) }
        guard !names.isEmpty else {
            throw PowerObstacle(
                reason: "the machine has no RAPL package limit (\(files.root)\(Self.folder)/intel-rapl:0)",
                remedy:
                    "On Intel hardware: sudo modprobe intel_rapl_msr; virtual machines and AMD processors have none.")
        }
        zones = names.map { "\(Self.folder)/\($0)" }
        var most = Double.infinity
        for zone in zones {
            guard let limit = files.number(Self.limit(zone)), limit > 0 else {
                throw PowerObstacle(reason: "\(files.root)\(Self.limit(zone)): holds no limit", remedy: "")
            }
            if files.number(zone + "/enabled") == 0 {
                throw PowerObstacle(
                    reason: "\(files.root)\(zone): its limit is switched off",
                    remedy: "echo 1 | sudo tee \(files.root)\(zone)/enabled")
            }
            guard files.isWritable(Self.limit(zone)) else {
                throw PowerObstacle(
                    reason: "\(files.root)\(Self.limit(zone)): this user may not write it",
                    remedy: "sudo chmod o+w \(files.root)\(Self.limit(zone)), or docs/power.md's rule for good")
            }
            // Some machines say 0 for the most; then what was found is the most.
            let stated = files.number(zone + "/constraint_0_max_power_uw") ?? 0
            most = min(most, Double(max(stated, limit)) / 1e6)
        }
        // Below a tenth a package is so slow that the machine is hard to use.
        allowed = Watts(min(most, max(1, most / 10)))...Watts(most)
    }

    var bounds: String { "\(Self.words(allowed.lowerBound)) to \(Self.words(allowed.upperBound))" }

    var current: String {
        zones.map { zone in
            files.number(Self.limit(zone)).map { Self.words(Watts(Double($0) / 1e6)) } ?? "unreadable"
        }.joined(separator: ", ")
    }

    var steps: [PowerLimit] {
        PowerKnobs.shares.map { .package(Watts((allowed.upperBound.value * $0).rounded())) }
    }

    func check(_ limit: PowerLimit) throws(MachineError) {
        guard case .package(let watts) = limit, !allowed.contains(watts) else { return }
        throw MachineError(.badSetting, "package: \(limit.value): this machine allows \(bounds)")
    }

    func found() throws(MachineError) -> [(target: String, value: String)] {
        var found: [(target: String, value: String)] = []
        for zone in zones { found.append((Self.limit(zone), try files.read(Self.limit(zone)).trimmed)) }
        return found
    }

    func open() throws(MachineError) -> [any PowerRegister] {
        var registers: [any PowerRegister] = []
        for zone in zones { registers.append(try FileRegister(Self.limit(zone), files: files)) }
        return registers
    }

    func text(of limit: PowerLimit, for _: String, before: String) -> String {
        guard case .package(let watts) = limit else { return before }
        return "\(Int((watts.value * 1e6).rounded()))"
    }

    /// Whether a state file's target is one of these.
    static func owns(_ target: String) -> Bool {
        let parts = target.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 6 && target.hasPrefix(folder + "/") && isPackage(String(parts[4]))
            && parts[5] == "constraint_0_power_limit_uw"
    }

    /// `intel-rapl:0`; those with another number behind are parts of a package.
    private static func isPackage(_ name: String) -> Bool {
        name.hasPrefix("intel-rapl:") && Int(name.dropFirst(11)) != nil
    }

    private static func limit(_ zone: String) -> String { zone + "/constraint_0_power_limit_uw" }

    private static func words(_ watts: Watts) -> String { "\((watts.value * 10).rounded() / 10) W" }
}
