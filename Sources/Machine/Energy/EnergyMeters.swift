/// The energy meters of a machine, and the choice among them.
public struct EnergyMeters: Sendable {
    /// What a user can ask for.
    public enum Choice: String, Sendable, Hashable, CaseIterable {
        /// The meter that says most about an inference: see ``EnergyMeters/meter(_:model:)``.
        case auto
        case rapl, nvml, hwmon, battery, estimated

        fileprivate var source: EnergySource? { EnergySource(rawValue: rawValue) }
    }

    /// Each kind that a machine can have, whether it has it or not.
    public let statuses: [MeterStatus]
    private let files: KernelFiles
    private let nvml: String?

    /// The meters of this machine; opens their files and asks each once, which takes some milliseconds.
    public static func discover() -> EnergyMeters { EnergyMeters(files: KernelFiles(), nvml: NVML.libraryName) }

    /// The meters of the machine whose `/proc` and `/sys` are under `root`, a copy; `nvml` is the file of NVIDIA's
    /// library, which no copy holds.
    public static func discover(root: String, nvml: String? = nil) -> EnergyMeters {
        root.isEmpty ? discover() : EnergyMeters(files: KernelFiles(root: root), nvml: nvml)
    }

    init(files: KernelFiles, nvml: String?) {
        self.files = files
        self.nvml = nvml
        statuses = [EnergySource.rapl, .nvml, .hwmon, .battery].map { source in
            MeterStatus(source: source, availability: Self.find(source, files, nvml).availability)
        }
    }

    /// Opens a meter.
    ///
    /// `auto` takes, of what is there, the first of: the platform's counter (RAPL psys) or a sensor of the machine's
    /// supply, for they cover all; the processor packages, and each graphics card beside them; the battery, while the
    /// machine runs on it, which covers all but answers slowly; graphics cards alone. What none of them covers is
    /// estimated by `model`.
    ///
    /// A kind that is asked for by name and covers graphics cards only is joined by the estimate.
    ///
    /// - Throws: `.missing` when the kind asked for is not there; the message says what to do.
    public func meter(
        _ choice: Choice = .auto, model: PowerModel = .default
    ) throws(MachineError) -> any EnergyMeter {
        guard choice != .estimated else { return EstimatedEnergyMeter(model: model) }
        guard let source = choice.source else { return automatic(model) }
        switch Self.find(source, files, nvml) {
        case .counters(let counters, .graphics): return SensorMeter(base: [], others: counters, model: model)
        case .counters(let counters, _): return SensorMeter(base: counters, others: [], model: model)
        case .missing(let reason, let remedy):
            let remedy = remedy ?? "Use another meter, such as `auto`."
            throw MachineError(.missing, "energy meter `\(choice.rawValue)`: \(reason). \(remedy)")
        }
    }

    private func automatic(_ model: PowerModel) -> any EnergyMeter {
        var found: [MeterStatus.Coverage: [any EnergyCounter]] = [:]
        for status in statuses where status.isAvailable && status.source != .battery {
            guard case .counters(let counters, let coverage) = Self.find(status.source, files, nvml) else { continue }
            // The first that covers the machine does; graphics cards of two makes add up.
            if coverage == .graphics || found[coverage] == nil { found[coverage, default: []] += counters }
        }
        if let machine = found[.machine] { return SensorMeter(base: machine, others: [], model: model) }
        let graphics = found[.graphics] ?? []
        if let processor = found[.processor] { return SensorMeter(base: processor, others: graphics, model: model) }
        if case .counters(let counters, _) = Self.find(.battery, files, nvml) {
            return SensorMeter(base: counters, others: [], model: model)
        }
        return graphics.isEmpty
            ? EstimatedEnergyMeter(model: model) : SensorMeter(base: [], others: graphics, model: model)
    }

    private static func find(_ source: EnergySource, _ files: KernelFiles, _ nvml: String?) -> FoundMeter {
        switch source {
        case .rapl: RAPL.find(in: files)
        case .nvml: NVML.find(library: nvml, in: files)
        case .hwmon: HardwareMonitors.find(in: files)
        case .battery: Batteries.find(in: files)
        case .estimated, .simulated: .missing("no sensor of the machine's", remedy: nil)
        }
    }
}
