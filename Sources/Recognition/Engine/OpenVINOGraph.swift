import COpenVINO

/// A graph that OpenVINO has compiled for the machine's own cores, all of it.
final class OpenVINOGraph: Graph {
    let inputs: [TensorDescription]
    let outputs: [TensorDescription]

    fileprivate let path: String
    fileprivate let library: OpenVINO
    fileprivate let handle: OpaquePointer

    private static let remedy = "Choose the processor cpu for it."

    /// Compiles the graph in the file at `path`; takes about a quarter of a second for a graph of 20 MB.
    ///
    /// ONNX Runtime reads what the graph's inputs and outputs are, since OpenVINO gives them other names and shapes.
    ///
    /// - Throws: `.modelUnreadable` with ONNX Runtime's reason; `.processorUnavailable` where the cores do not compute
    ///   in this precision, or OpenVINO cannot compile the graph.
    init(
        path: String, precision: Precision, threads: Int, library: OpenVINO, runtime: OnnxRuntime
    ) throws(RecognitionError) {
        guard library.precisions.contains(precision) else {
            let offered = library.precisions.map(\.rawValue).joined(separator: " or ")
            throw .unavailable(
                .openvino, "\(library.device) has no instructions for \(precision.rawValue)",
                remedy: "Choose \(offered).")
        }
        let description = try OnnxGraph(reading: path, runtime: runtime)
        inputs = description.inputs
        outputs = description.outputs
        handle = try Self.compile(path, precision, threads, library)
        self.path = path
        self.library = library
    }

    deinit { library.functions.pointee.compiled_model_free(handle) }

    func run(inputs: [String], outputs: [String]) throws(RecognitionError) -> any GraphRun {
        try OpenVINOGraphRun(self, names: inputs + outputs)
    }

    private static func compile(
        _ path: String, _ precision: Precision, _ threads: Int, _ library: OpenVINO
    ) throws(RecognitionError) -> OpaquePointer {
        let settings = [
            ("INFERENCE_PRECISION_HINT", precision == .bf16 ? "bf16" : "f32"),
            ("INFERENCE_NUM_THREADS", String(threads)),
            ("NUM_STREAMS", "1"),
            // Pinned, two recognisers' threads would share one core while others wait.
            ("ENABLE_CPU_PINNING", "NO"),
        ]
        let keys = NameList(settings.map(\.0))
        let values = NameList(settings.map(\.1))
        let properties = zip(keys.pointers, values.pointers).map { openvino_property(key: $0, value: $1) }
        var compiled: OpaquePointer?
        try library.check(
            .processorUnavailable, "compile the graph", in: path, remedy: remedy,
            library.functions.pointee.core_compile_model_from_file_props(
                library.core, path, "CPU", properties.count, properties, &compiled))
        withExtendedLifetime((keys, values)) {}
        guard let compiled else {
            throw RecognitionError(.processorUnavailable, "\(path): OpenVINO made nothing of it")
        }
        return compiled
    }
}

private final class OpenVINOGraphRun: GraphRun {
    private let graph: OpenVINOGraph
    private let names: [String]
    private let request: OpenVINORequest
    let brake: RunBrake
    private var tensors: [Tensor] = []  // Keeps the memory of those below alive.
    private var bound: [OpaquePointer] = []

    init(_ graph: OpenVINOGraph, names: [String]) throws(RecognitionError) {
        var request: OpaquePointer?
        try graph.library.check(
            .inferenceFailed, "make a request", in: graph.path, remedy: "Close other programs.",
            graph.library.functions.pointee.compiled_model_create_infer_request(graph.handle, &request))
        guard let request else { throw RecognitionError(.inferenceFailed, "\(graph.path): OpenVINO made no request") }
        self.graph = graph
        self.names = names
        let owned = OpenVINORequest(handle: request, library: graph.library)
        self.request = owned
        brake = RunBrake(stop: { owned.cancel() })
    }

    deinit {
        for tensor in bound { graph.library.functions.pointee.tensor_free(tensor) }
    }

    func bind(inputs: [Tensor], outputs: [Tensor]) throws(RecognitionError) {
        let functions = graph.library.functions
        for tensor in bound { functions.pointee.tensor_free(tensor) }  // The request holds those it was given.
        bound.removeAll(keepingCapacity: true)
        tensors = inputs + outputs
        for (name, tensor) in zip(names, tensors) {
            guard let type = tensor.type.openvino else {
                throw RecognitionError(.inferenceFailed, "\(graph.path): heed passes no \(tensor.type) to OpenVINO")
            }
            var dimensions = tensor.shape.map(Int64.init)
            var made: OpaquePointer?
            let status = dimensions.withUnsafeMutableBufferPointer { dimensions in
                functions.pointee.tensor_create_from_host_ptr(
                    type, openvino_shape(rank: Int64(dimensions.count), dimensions: dimensions.baseAddress),
                    tensor.memory.baseAddress, &made)
            }
            try check("make a tensor of \(tensor.type) \(tensor.shape)", status)
            guard let made else {
                throw RecognitionError(.inferenceFailed, "\(graph.path): OpenVINO made no tensor for \(name)")
            }
            bound.append(made)
            try check("pass \(name)", functions.pointee.infer_request_set_tensor(request.handle, name, made))
        }
    }

    func run() throws(RecognitionError) -> Bool {
        // A request that is not under way cannot be cancelled.
        guard !brake.isPressed else { return false }
        guard graph.library.functions.pointee.infer_request_infer(request.handle) != 0 else { return true }
        guard !brake.isPressed else { return false }
        throw DeviceFailure.error(
            graph.library.lastError, of: .openvino, in: graph.path, engine: "OpenVINO \(graph.library.version)")
    }

    private func check(_ action: String, _ status: openvino_status) throws(RecognitionError) {
        try graph.library.check(
            .inferenceFailed, action, in: graph.path, remedy: "Run `heed models verify`.", status)
    }
}

/// A request, which runs a graph; freed with its last user.
private final class OpenVINORequest: @unchecked Sendable {
    // Sendable: all properties are constants; OpenVINO has a request cancelled by another thread than the one that
    // runs it.

    let handle: OpaquePointer
    private let library: OpenVINO

    init(handle: OpaquePointer, library: OpenVINO) {
        self.handle = handle
        self.library = library
    }

    deinit { library.functions.pointee.infer_request_free(handle) }

    /// Ends the run under way; where there is none, does nothing.
    func cancel() { _ = library.functions.pointee.infer_request_cancel(handle) }
}

extension ElementType {
    private static let numbers: [ElementType: Int] = [
        .float32: openvino_float32, .uint8: openvino_uint8, .int8: openvino_int8, .int32: openvino_int32,
        .int64: openvino_int64, .bool: openvino_bool, .float16: openvino_float16,
    ]

    /// OpenVINO's number for the type; nil for types that heed passes to no graph.
    fileprivate var openvino: UInt32? { Self.numbers[self].map(UInt32.init) }
}
