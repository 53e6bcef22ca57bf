import COnnxRuntime

/// A graph loaded and made ready to run on the processor that is asked for, and on no other.
///
/// Not thread-safe as heed uses it: belongs to one thread at a time.
final class Session {
    /// The file of the graph.
    let path: String
    /// The graph's inputs, in its own order.
    var inputs: [TensorDescription] { graph.inputs }
    /// The graph's outputs, in its own order.
    var outputs: [TensorDescription] { graph.outputs }

    private let graph: any Graph

    /// Loads the graph in the file at `path`; takes tens of milliseconds for a graph of 20 MB on the CPU, and up to
    /// seconds where it is compiled for another processor.
    ///
    /// - Throws: `.modelUnreadable` with the engine's reason; `.processorUnavailable` where the processor is not to be
    ///   had, does not compute in this precision, or cannot run this graph.
    init(path: String, options: SessionOptions, runtime: OnnxRuntime) throws(RecognitionError) {
        self.path = path
        graph = try Self.load(path, options, runtime)
        // Loading frees about as much memory as the graph keeps, and the C library holds on to it.
        ort_return_free_memory()
    }

    /// One way to run the graph: see ``Graph/run(inputs:outputs:)``.
    func run(inputs: [String], outputs: [String]) throws(RecognitionError) -> any GraphRun {
        try graph.run(inputs: inputs, outputs: outputs)
    }

    private static func load(
        _ path: String, _ options: SessionOptions, _ runtime: OnnxRuntime
    ) throws(RecognitionError) -> any Graph {
        if options.processor != .openvino, options.precision != .fp32 {
            throw .unavailable(
                options.processor, "it computes in fp32 only, not in \(options.precision.rawValue)",
                remedy: "Choose fp32, or the processor openvino.")
        }
        switch options.processor {
        case .cpu:
            return try OnnxGraph(
                path: path, processor: .cpu, threads: options.threads, provider: nil, runtime: runtime)
        case .openvino:
            return try OpenVINOGraph(
                path: path, precision: options.precision, threads: options.threads, library: .load(), runtime: runtime)
        case .webgpu:
            return try OnnxGraph(
                path: path, processor: .webgpu, threads: 1, provider: WebGPU.provider(in: runtime), runtime: runtime)
        case .cuda:
            let cuda = try CUDAProvider.load()
            return try OnnxGraph(path: path, processor: .cuda, threads: 1, provider: cuda, runtime: cuda.runtime)
        }
    }
}
