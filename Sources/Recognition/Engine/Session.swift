import COnnxRuntime

/// A graph loaded and made ready to run by ONNX Runtime on the processor.
///
/// Not thread-safe as heed uses it: belongs to one thread at a time.
final class Session {
    /// The file of the graph.
    let path: String
    /// The graph's inputs, in its own order.
    let inputs: [TensorDescription]
    /// The graph's outputs, in its own order.
    let outputs: [TensorDescription]

    let runtime: OnnxRuntime
    let handle: OpaquePointer

    /// Loads the graph in the file at `path`; takes tens of milliseconds for a graph of 20 MB.
    ///
    /// - Throws: `.modelUnreadable` with ONNX Runtime's reason.
    init(path: String, options: SessionOptions, runtime: OnnxRuntime) throws(RecognitionError) {
        let handle = try Self.create(path: path, options: options, runtime: runtime)
        do {
            inputs = try TensorDescription.inputs(of: handle, path: path, runtime: runtime)
            outputs = try TensorDescription.outputs(of: handle, path: path, runtime: runtime)
        } catch {
            runtime.api.ReleaseSession(handle)
            throw error
        }
        self.path = path
        self.runtime = runtime
        self.handle = handle
        // Loading frees about as much memory as the graph keeps, and the C library holds on to it.
        ort_return_free_memory()
    }

    deinit { runtime.api.ReleaseSession(handle) }

    private static func create(
        path: String, options: SessionOptions, runtime: OnnxRuntime
    ) throws(RecognitionError) -> OpaquePointer {
        let api = runtime.api
        func check(_ action: String, _ status: OpaquePointer?) throws(RecognitionError) {
            try runtime.check(.modelUnreadable, action, in: path, status)
        }
        var made: OpaquePointer?
        try check("make session options", api.CreateSessionOptions(&made))
        guard let settings = made else { throw RecognitionError(.modelUnreadable, "\(path): no session options") }
        defer { api.ReleaseSessionOptions(settings) }
        try check("set threads", api.SetIntraOpNumThreads(settings, Int32(clamping: options.threads)))
        try check("set threads", api.SetInterOpNumThreads(settings, 1))
        try check(
            "set optimization", api.SetSessionGraphOptimizationLevel(settings, UInt32(ort_optimize_all)))
        // A pattern asks the arena for one block a run, of another size for each session: more memory and no faster.
        try check("set memory use", api.DisableMemPattern(settings))
        let entries = [
            // Waiting threads that spin use a whole core between the frames of a stream, and gain no latency.
            ("session.intra_op.allow_spinning", "0"),
            ("session.use_env_allocators", "1"),
        ]
        for (key, value) in entries {
            try check("set \(key)", api.AddSessionConfigEntry(settings, key, value))
        }
        var session: OpaquePointer?
        try check("load the graph", api.CreateSession(runtime.environment, path, settings, &session))
        guard let session else { throw RecognitionError(.modelUnreadable, "\(path): no session") }
        return session
    }
}
