import COnnxRuntime

/// One way to run a session: its tensors bound to its inputs and outputs once, so that a run allocates nothing of heed's.
///
/// Not thread-safe: run by one thread at a time.
final class PreparedRun {
    private let session: Session
    private let tensors: [Tensor]  // Keeps the values below alive.
    private let inputNames: NameList
    private let outputNames: NameList
    private let inputs: [OpaquePointer?]
    private var outputs: [OpaquePointer?]

    /// Binds tensors to inputs and outputs by name.
    init(_ session: Session, inputs: [(name: String, tensor: Tensor)], outputs: [(name: String, tensor: Tensor)]) {
        self.session = session
        tensors = (inputs + outputs).map(\.tensor)
        inputNames = NameList(inputs.map(\.name))
        outputNames = NameList(outputs.map(\.name))
        self.inputs = inputs.map(\.tensor.value)
        self.outputs = outputs.map(\.tensor.value)
    }

    /// Runs the graph: reads the inputs' memory and fills the outputs'. Blocks; works on this thread and on the session's.
    ///
    /// - Throws: `.inferenceFailed` with ONNX Runtime's reason.
    func run() throws(RecognitionError) {
        try session.runtime.check(
            .inferenceFailed, "run the graph", in: session.path,
            session.runtime.api.Run(
                session.handle, nil, inputNames.pointers, inputs, inputs.count, outputNames.pointers, outputs.count,
                &outputs))
    }
}
