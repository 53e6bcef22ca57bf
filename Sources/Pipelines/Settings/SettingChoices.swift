public import Alert
public import Recognition

/// The settings that recognisers are offered with on this machine: what a pipeline wants, as far as it is here.
///
/// Pure: what the machine has is an argument.
public struct SettingChoices: Sendable, Hashable {
    /// Something that was asked for by name and is not here.
    public struct Absence: Sendable, Hashable {
        /// The processor, precision or power setting.
        public var name: String
        /// Why it cannot be had.
        public var reason: String
        /// What to do about it.
        public var remedy: String

        /// Notes that something cannot be had.
        public init(name: String, reason: String, remedy: String) {
            self.name = name
            self.reason = reason
            self.remedy = remedy
        }
    }

    /// The settings: by processor in order of preference, then by precision and threads, then by power setting, the
    /// machine as it stands first.
    public let settings: [Setting]
    /// What was asked for by name and is left out, though something else of it is there.
    public let absences: [Absence]

    /// The processors in the order in which they are named; empty where heed takes all that are here.
    public let order: [String]

    /// The processors of the settings besides the machine's own cores, each with its device and driver in words.
    public let devices: [String: String]

    /// What every result of a run with these settings says: what is left out, and why. Nil where nothing is.
    public var fallback: String? {
        absences.isEmpty ? nil : absences.map { "\($0.name): \($0.reason)" }.joined(separator: "; ")
    }

    /// Exactly these settings.
    public init(_ settings: [Setting]) {
        self.settings = settings
        absences = []
        order = []
        devices = [:]
    }

    /// What `wanted` comes to where these `processors` are, or are not.
    ///
    /// - Parameters:
    ///   - cores: The number of cores that this process may use.
    ///   - power: Names of the power settings that can be had.
    ///   - refused: Those that cannot, and why.
    /// - Throws: `PipelinesError` of code `badConfiguration` when nothing that was asked for is here.
    public init(
        _ wanted: PipelineConfiguration.Settings, of processors: [ProcessorStatus], cores: Int,
        power: [String] = [], refused: [Absence] = []
    ) throws(PipelinesError) {
        var settings: [Setting] = []
        var absences: [Absence] = []
        var devices: [String: String] = [:]
        var offered: Set<Precision> = []
        for processor in wanted.processors?.withoutRepeats() ?? Processor.allCases {
            let precisions: [Precision]
            switch processors.first(where: { $0.processor == processor })?.availability {
            case .available(let device, let all):
                precisions = all
                if processor != .cpu { devices[processor.rawValue] = device }
            case .missing(let reason, let remedy):
                absences.append(Absence(name: processor.rawValue, reason: reason, remedy: remedy))
                continue
            case nil:
                absences.append(
                    Absence(name: processor.rawValue, reason: "this heed cannot reach it", remedy: "Name another."))
                continue
            }
            offered.formUnion(precisions)
            let chosen = (wanted.precisions?.withoutRepeats() ?? [.fp32, .bf16]).filter(precisions.contains)
            if chosen.isEmpty, let names = wanted.precisions {
                absences.append(.processor(processor, has: precisions, not: names))
            }
            let threads = processor.usesThreads ? wanted.threadCounts(cores: cores) : [1]
            for precision in chosen {
                settings += threads.map { Setting(processor: processor, precision: precision, threads: $0) }
            }
        }
        guard !settings.isEmpty else {
            let reasons = absences.map { "\($0.name): \($0.reason). \($0.remedy)" }.joined(separator: "\n")
            throw PipelinesError(
                .badConfiguration,
                absences.count == 1 ? reasons : "none of the processors that are asked for is here:\n\(reasons)")
        }
        // What `auto` does not find was not asked for.
        if wanted.processors == nil { absences = [] }
        for precision in wanted.precisions?.withoutRepeats() ?? [] where !offered.contains(precision) {
            absences.append(
                Absence(
                    name: precision.rawValue, reason: "no processor that is asked for computes so",
                    remedy: "See `heed doctor`."))
        }
        self.settings = settings.flatMap { setting in [setting] + power.map { setting.with(power: $0) } }
        self.absences = absences + refused
        order = (wanted.processors ?? []).map(\.rawValue).withoutRepeats()
        self.devices = devices
    }
}

extension SettingChoices.Absence {
    fileprivate static func processor(_ processor: Processor, has: [Precision], not names: [Precision]) -> Self {
        func list(_ precisions: [Precision]) -> String { precisions.map(\.rawValue).joined(separator: ", ") }
        return Self(
            name: processor.rawValue, reason: "does not compute in \(list(names))",
            remedy: "It computes in \(list(has)): name one of these as `precision`.")
    }
}

extension PipelineConfiguration.Settings {
    /// The thread counts to choose from on a machine with so many cores.
    fileprivate func threadCounts(cores: Int) -> [Int] {
        threads?.withoutRepeats() ?? [1, 2, 4].filter { $0 <= max(cores, 1) }
    }
}

extension Processor {
    /// Whether it works with as many threads as it is told.
    var usesThreads: Bool {
        switch self {
        case .cpu, .openvino: true
        case .webgpu, .cuda: false
        }
    }
}
