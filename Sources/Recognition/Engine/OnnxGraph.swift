import COnnxRuntime

/// A graph in ONNX Runtime, on the CPU or on what one of its execution providers reaches.
final class OnnxGraph: Graph {
    let inputs: [TensorDescription]
    let outputs: [TensorDescription]

    fileprivate let path: String
    fileprivate let runtime: OnnxRuntime
    fileprivate let handle: OpaquePointer
    fileprivate let processor: Processor
    /// Where its threads may run; nil where it has none but the caller's.
    fileprivate let cores: WorkerCores?

    /// Loads the graph in the file at `path`.
    ///
    /// - Parameter provider: What runs the graph; nil for ONNX Runtime's own code for the CPU.
    /// - Throws: `.modelUnreadable` with ONNX Runtime's reason; with a provider, `.processorUnavailable`, also where
    ///   nodes that compute would be left to the CPU.
    convenience init(
        path: String, processor: Processor, threads: Int, provider: (any ExecutionProvider)?, runtime: OnnxRuntime
    ) throws(RecognitionError) {
        try self.init(
            path: path, processor: processor, threads: threads, optimization: ort_optimize_all, provider: provider,
            runtime: runtime)
    }

    /// Loads the graph only to tell its inputs and outputs.
    ///
    /// - Throws: `.modelUnreadable` with ONNX Runtime's reason.
    convenience init(reading path: String, runtime: OnnxRuntime) throws(RecognitionError) {
        try self.init(
            path: path, processor: .cpu, threads: 1, optimization: ort_optimize_nothing, provider: nil,
            runtime: runtime)
    }

    private init(
        path: String, processor: Processor, threads: Int, optimization: Int, provider: (any ExecutionProvider)?,
        runtime: OnnxRuntime
    ) throws(RecognitionError) {
        let cores = threads > 1 ? WorkerCores() : nil
        let handle = try Self.create(path, threads, optimization, provider, cores, runtime)
        do throws(RecognitionError) {
            if let provider { try Placement(of: handle, runtime: runtime, path: path).check(provider, path: path) }
            inputs = try TensorDescription.inputs(of: handle, path: path, runtime: runtime)
            outputs = try TensorDescription.outputs(of: handle, path: path, runtime: runtime)
        } catch {
            runtime.api.ReleaseSession(handle)
            throw error
        }
        self.path = path
        self.processor = processor
        self.runtime = runtime
        self.handle = handle
        self.cores = cores
    }

    deinit { runtime.api.ReleaseSession(handle) }

    func run(inputs: [String], outputs: [String]) throws(RecognitionError) -> any GraphRun {
        try OnnxGraphRun(self, inputs: NameList(inputs), outputs: NameList(outputs))
    }

    private static func create(
        _ path: String, _ threads: Int, _ optimization: Int, _ provider: (any ExecutionProvider)?,
        _ cores: WorkerCores?, _ runtime: OnnxRuntime
    ) throws(RecognitionError) -> OpaquePointer {
        let api = runtime.api
        func check(_ action: String, _ status: OpaquePointer?) throws(RecognitionError) {
            try runtime.check(.modelUnreadable, action, in: path, status)
        }
        var made: OpaquePointer?
        try check("make session options", api.CreateSessionOptions(&made))
        guard let settings = made else { throw RecognitionError(.modelUnreadable, "\(path): no session options") }
        defer { api.ReleaseSessionOptions(settings) }
        try check("set threads", api.SetIntraOpNumThreads(settings, Int32(clamping: threads)))
        try check("set threads", api.SetInterOpNumThreads(settings, 1))
        if ThreadStarter.shared != nil {
            try check(
                "set threads",
                api.SessionOptionsSetCustomCreateThreadFn(settings) { cores, work, argument in
                    let cores = cores.map { Unmanaged<WorkerCores>.fromOpaque($0).takeUnretainedValue() }
                    return work.flatMap { ThreadStarter.shared?.start($0, argument, cores) }
                })
            // Read only while the session is made; who makes it holds on to it until then.
            let own = cores.map { Unmanaged.passUnretained($0).toOpaque() }
            try check("set threads", api.SessionOptionsSetCustomThreadCreationOptions(settings, own))
            try check("set threads", api.SessionOptionsSetCustomJoinThreadFn(settings) { ThreadStarter.join($0) })
        }
        try check(
            "set optimization", api.SetSessionGraphOptimizationLevel(settings, UInt32(optimization)))
        // A pattern asks the arena for one block a run, of another size for each session: more memory and no faster.
        try check("set memory use", api.DisableMemPattern(settings))
        var entries = [
            // Waiting threads that spin use a whole core between the frames of a stream, and gain no latency.
            ("session.intra_op.allow_spinning", "0"),
            ("session.use_env_allocators", "1"),
        ]
        if provider != nil { entries.append(Placement.recording) }
        for (key, value) in entries {
            try check("set \(key)", api.AddSessionConfigEntry(settings, key, value))
        }
        try provider?.append(to: settings)
        var session: OpaquePointer?
        let status = api.CreateSession(runtime.environment, path, settings, &session)
        if let provider {
            try runtime.check(
                .processorUnavailable, "start the graph with \(provider.name)", in: path, remedy: provider.remedy,
                status)
        } else {
            try check("load the graph", status)
        }
        guard let session else { throw RecognitionError(.modelUnreadable, "\(path): no session") }
        return session
    }
}

private final class OnnxGraphRun: GraphRun {
    private let graph: OnnxGraph
    private let inputNames: NameList
    private let outputNames: NameList
    private let options: OnnxRunOptions
    let brake: RunBrake
    private var tensors: [Tensor] = []  // Keeps the values below alive.
    private var inputs: [OpaquePointer?] = []
    private var outputs: [OpaquePointer?] = []

    init(_ graph: OnnxGraph, inputs: NameList, outputs: NameList) throws(RecognitionError) {
        self.graph = graph
        inputNames = inputs
        outputNames = outputs
        let options = try OnnxRunOptions(graph.runtime, path: graph.path)
        self.options = options
        brake = RunBrake(stop: { options.stop() }, allow: { options.allow() })
    }

    func bind(inputs: [Tensor], outputs: [Tensor]) throws(RecognitionError) {
        var bound: [Tensor] = []
        for tensor in inputs + outputs { bound.append(try tensor.inRuntime(graph.runtime)) }
        tensors = bound
        self.inputs = bound.prefix(inputs.count).map(\.value)
        self.outputs = bound.suffix(outputs.count).map(\.value)
    }

    func run() throws(RecognitionError) -> Bool {
        let runtime = graph.runtime
        graph.cores?.part()
        let status = runtime.api.Run(
            graph.handle, options.handle, inputNames.pointers, inputs, inputs.count, outputNames.pointers,
            outputs.count, &outputs)
        guard let failure = runtime.api.message(releasing: status) else { return true }
        guard !brake.isPressed else { return false }
        throw DeviceFailure.error(
            failure, of: graph.processor, in: graph.path, engine: "ONNX Runtime \(runtime.version)")
    }
}

/// What ONNX Runtime looks at between two operations of a run: whether it is to end.
private final class OnnxRunOptions: @unchecked Sendable {
    // Sendable: all properties are constants; the flag behind the handle is there to be set by other threads.

    let handle: OpaquePointer
    private let runtime: OnnxRuntime

    init(_ runtime: OnnxRuntime, path: String) throws(RecognitionError) {
        var made: OpaquePointer?
        try runtime.check(.modelUnreadable, "make run options", in: path, runtime.api.CreateRunOptions(&made))
        guard let made else { throw RecognitionError(.modelUnreadable, "\(path): no run options") }
        handle = made
        self.runtime = runtime
    }

    deinit { runtime.api.ReleaseRunOptions(handle) }

    /// Neither call can fail; a status that came all the same is released.
    func stop() { _ = runtime.api.message(releasing: runtime.api.RunOptionsSetTerminate(handle)) }
    func allow() { _ = runtime.api.message(releasing: runtime.api.RunOptionsUnsetTerminate(handle)) }
}
