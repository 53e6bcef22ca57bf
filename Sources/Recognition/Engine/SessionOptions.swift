/// How a session runs its graph: on which processor, how precisely, with how many threads.
public struct SessionOptions: Sendable, Hashable {
    /// The processor that the graph runs on; there is no falling back to another.
    public var processor: Processor
    /// How the graph's floating-point numbers are computed.
    public var precision: Precision
    /// How many threads work on one operation, the caller's own among them; 1 or more. Of no account on a GPU.
    public var threads: Int

    /// Makes options.
    /// - Precondition: there is at least one thread.
    public init(processor: Processor = .cpu, precision: Precision = .fp32, threads: Int) {
        precondition(threads >= 1, "a session needs at least one thread")
        self.processor = processor
        self.precision = precision
        self.threads = threads
    }
}

/// Something that graphs run on, by the execution provider of ONNX Runtime's that reaches it.
public enum Processor: String, Sendable, Hashable, CaseIterable, Codable {
    /// The machine's own cores, by ONNX Runtime itself.
    case cpu
    /// The machine's own cores, by OpenVINO.
    case openvino
    /// A GPU, through Vulkan.
    case webgpu
    /// An NVIDIA GPU.
    case cuda
}

/// How floating-point numbers are computed. Whole numbers, as those of quantised layers, stay as they are.
public enum Precision: String, Sendable, Hashable, CaseIterable, Codable {
    /// In 32 bits, as graphs have them.
    case fp32
    /// In 16 bits, of which 8 are the exponent's.
    case bf16
    /// In 16 bits, of which 5 are the exponent's.
    case fp16
}
