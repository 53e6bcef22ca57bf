public import Machine
public import Recognition

extension PipelineConfiguration {
    /// The settings that each recogniser is offered with: every processor with every precision and thread count that is
    /// named here and that it has.
    public struct Settings: Sendable, Hashable {
        /// Processors, the preferred one first; nil takes all that are here.
        public var processors: [Processor]? = [.cpu]
        /// Precisions; nil takes fp32, and bf16 where a processor has it.
        public var precisions: [Precision]?
        /// Thread counts; nil takes 1, 2 and 4, up to the number of cores.
        public var threads: [Int]?

        /// Power settings to choose from beside the machine as it stands; none when nil, as they are asked for by name.
        public var power: ListOrAuto<PowerSetting>?

        /// The bytes that loaded recognisers may take; nil for half of what is available at the start.
        public var memory: Int?

        /// The machine's own cores, with thread counts left to heed.
        public init() {}

        /// All that the machine has; its power settings are left as they are.
        public static var auto: Settings {
            var settings = Settings()
            settings.processors = nil
            return settings
        }

        /// Reads what stands behind the key `settings`: `auto`, or a list for each part.
        mutating func read(_ reader: inout MappingReader) {
            if reader.isAuto("settings") { return self = .auto }
            reader.section("settings", orAuto: true) { section in
                processors = section.eachOrAuto("processors", Processor.self).map(\.list) ?? processors
                precisions = section.eachOrAuto("precision", Precision.self).map(\.list) ?? precisions
                memory = section.memory("memory") ?? memory
                power = section.powerOrAuto("power") ?? power
                threads = section.integersOrAuto("threads", in: 1...256).map(\.list) ?? threads
            }
        }
    }
}
