/// Whether a processor can be used here.
public struct ProcessorStatus: Sendable, Hashable {
    /// What is here, or what is in the way.
    public enum Availability: Sendable, Hashable {
        /// It is there: the device's name, and how it computes.
        case available(device: String, precisions: [Precision])
        /// It is not: why, and what to do about it.
        case missing(reason: String, remedy: String)
    }

    /// The processor.
    public var processor: Processor
    /// Whether it is there.
    public var availability: Availability

    /// Makes a status.
    public init(processor: Processor, availability: Availability) {
        self.processor = processor
        self.availability = availability
    }
}

extension OnnxRuntime {
    /// What each processor that this library reaches is here.
    public func processors() -> [ProcessorStatus] {
        [ProcessorStatus(processor: .cpu, availability: .available(device: "CPU", precisions: [.fp32]))]
    }
}
