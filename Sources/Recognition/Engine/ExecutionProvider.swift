/// Something of ONNX Runtime's that runs graphs on another processor than the CPU.
protocol ExecutionProvider {
    /// ONNX Runtime's name for it, such as `WebGpuExecutionProvider`.
    var name: String { get }
    /// What to do where it cannot run a graph.
    var remedy: String { get }

    /// Puts the provider before the CPU in the options of a session.
    ///
    /// - Throws: `.processorUnavailable`.
    func append(to settings: OpaquePointer) throws(RecognitionError)
}
