/// Whether graphs can run on a processor here: what it is, or why it is not to be had and what brings it.
public struct ProcessorStatus: Sendable, Hashable {
    /// Whether a processor is to be had.
    public enum Availability: Sendable, Hashable {
        /// Sessions can be made on it.
        ///
        /// - Parameters:
        ///   - device: The device in words: its maker's name for it, and whose driver reaches it where that matters.
        ///   - precisions: How it computes, the graph's own precision first.
        case available(device: String, precisions: [Precision])
        /// Sessions on it would fail.
        ///
        /// - Parameters:
        ///   - reason: What is missing, in words that can follow a colon.
        ///   - remedy: A command or a sentence that tells how to bring it.
        case missing(reason: String, remedy: String)
    }

    /// The processor.
    public var processor: Processor
    /// Whether it is to be had.
    public var availability: Availability

    /// Makes a status.
    public init(processor: Processor, availability: Availability) {
        self.processor = processor
        self.availability = availability
    }

    /// The precisions offered; none where the processor is missing.
    public var precisions: [Precision] {
        if case .available(_, let precisions) = availability { precisions } else { [] }
    }
}
