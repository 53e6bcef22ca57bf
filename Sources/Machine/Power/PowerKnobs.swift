import Glibc

/// The power settings of a machine: which can be changed here, within which bounds, and what is in the way of the
/// others.
public struct PowerKnobs: Sendable {
    /// What there is to say of one power setting.
    public struct Status: Sendable {
        /// Which one it is.
        public var kind: PowerKind
        /// Whether this process can change it.
        public var isAvailable: Bool
        /// What may be set, in words; empty where nothing can.
        public var bounds: String
        /// What it stands at, in words; empty where it is not known.
        public var current: String
        /// Why it cannot be changed; empty where it can.
        public var reason: String
        /// The command or rule that would let it; empty where there is none.
        public var remedy: String
    }

    let files: KernelFiles
    let process: pid_t
    private let knobs: [PowerKind: any PowerKnob]
    private let obstacles: [PowerKind: PowerObstacle]

    /// Looks at what this machine offers this process; changes nothing.
    ///
    /// - Parameters:
    ///   - root: The folder that holds `proc` and `sys`; empty for the machine's own, so that a copied tree can be
    ///     looked at.
    ///   - group: The control group, as a folder, in which heed makes its own; below the one that it is in when nil.
    public static func discover(root: String = "", group: String? = nil) -> PowerKnobs {
        PowerKnobs(files: KernelFiles(root: root), process: getpid(), group: group)
    }

    init(files: KernelFiles, process: pid_t, group: String? = nil) {
        self.files = files
        self.process = process
        var knobs: [PowerKind: any PowerKnob] = [:]
        var obstacles: [PowerKind: PowerObstacle] = [:]
        func look(_ kind: PowerKind, _ make: () throws(PowerObstacle) -> any PowerKnob) {
            do { knobs[kind] = try make() } catch { obstacles[kind] = error }
        }
        look(.cpu) { () throws(PowerObstacle) in
            try ProcessorBandwidth(files: files, process: process, cores: Self.cores(files), group: group)
        }
        look(.package) { () throws(PowerObstacle) in try PackageLimit(files: files) }
        look(.frequency) { () throws(PowerObstacle) in try FrequencyLimit(files: files) }
        look(.preference) { () throws(PowerObstacle) in try EnergyPreference(files: files) }
        look(.gpu) { () throws(PowerObstacle) in try GraphicsLimit(.gpu, files: files) }
        look(.gpuClock) { () throws(PowerObstacle) in try GraphicsLimit(.gpuClock, files: files) }
        self.knobs = knobs
        self.obstacles = obstacles
    }

    /// The state of every power setting, in the order of `PowerKind`.
    public var statuses: [Status] {
        PowerKind.allCases.map { kind in
            let knob = knobs[kind]
            let obstacle = obstacles[kind]
            return Status(
                kind: kind, isAvailable: knob != nil, bounds: knob?.bounds ?? "", current: knob?.current ?? "",
                reason: obstacle?.reason ?? "", remedy: obstacle?.remedy ?? "")
        }
    }

    /// The shares of the most that a knob allows to choose from where no limit is named.
    static let shares = [0.75, 0.5]

    /// A few settings of each knob that can be changed here, one knob a setting: three quarters and half of the most
    /// that it allows, as far as that is in bounds; of preferences, `balance_power` and `power`.
    public var steps: [PowerSetting] {
        PowerKind.allCases.compactMap { knobs[$0] }.flatMap { knob in
            knob.steps.compactMap { limit in
                guard (try? knob.check(limit)) != nil else { return nil }
                return try? PowerSetting([limit])
            }
        }
    }

    /// The knob of a kind.
    ///
    /// - Throws: `.unavailable`, with the reason and the remedy.
    func knob(_ kind: PowerKind) throws(MachineError) -> any PowerKnob {
        if let knob = knobs[kind] { return knob }
        let obstacle = obstacles[kind] ?? PowerObstacle(reason: "there is none here", remedy: "")
        let remedy = obstacle.remedy.isEmpty ? "" : ". Remedy: \(obstacle.remedy)"
        throw MachineError(.unavailable, "\(kind.rawValue): \(obstacle.reason)\(remedy)")
    }

    /// Opens what a state file names, if it is one of the kind's: whatever else is in that file is not written to.
    func register(_ target: String, of kind: PowerKind) throws(MachineError) -> any PowerRegister {
        if kind == .gpu || kind == .gpuClock { return try GraphicsLimit.register(target, of: kind, files: files) }
        let isKnown =
            switch kind {
            case .package: PackageLimit.owns(target)
            case .frequency: FrequencyLimit.owns(target)
            case .preference: EnergyPreference.owns(target)
            case .cpu, .gpu, .gpuClock: false
            }
        guard isKnown else { throw MachineError(.badSetting, "\(target): is no \(kind.words); it is left as it is") }
        return try FileRegister(target, files: files)
    }

    /// Cores' worth of time that this process can use.
    private static func cores(_ files: KernelFiles) -> Double {
        let machine = (try? MachineDescription(files: files, architecture: ""))?.logicalCores
        let cores = Double(machine ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        return min(cores, ProcessorQuota(files: files)?.cores ?? cores)
    }
}
