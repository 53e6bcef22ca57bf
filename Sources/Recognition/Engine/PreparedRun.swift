import COnnxRuntime
import Glibc

/// One way to run a session: its tensors bound to its inputs and outputs once, so that a run allocates nothing of heed's.
///
/// Not thread-safe: run by one thread at a time.
final class PreparedRun {
    private let session: Session
    private let tensors: [Tensor]  // Keeps the values below alive.
    private let inputNames: [UnsafePointer<CChar>?]
    private let outputNames: [UnsafePointer<CChar>?]
    private let inputs: [OpaquePointer?]
    private var outputs: [OpaquePointer?]

    /// Binds tensors to inputs and outputs by name.
    init(_ session: Session, inputs: [(name: String, tensor: Tensor)], outputs: [(name: String, tensor: Tensor)]) {
        self.session = session
        tensors = (inputs + outputs).map(\.tensor)
        inputNames = inputs.map { Self.copy($0.name) }
        outputNames = outputs.map { Self.copy($0.name) }
        self.inputs = inputs.map(\.tensor.value)
        self.outputs = outputs.map(\.tensor.value)
    }

    deinit {
        for name in inputNames + outputNames { free(UnsafeMutablePointer(mutating: name)) }
    }

    /// Runs the graph: reads the inputs' memory and fills the outputs'. Blocks; works on this thread and on the session's.
    ///
    /// - Throws: `.inferenceFailed` with ONNX Runtime's reason.
    func run() throws(RecognitionError) {
        try session.runtime.check(
            .inferenceFailed, "run the graph", in: session.path,
            session.runtime.api.Run(
                session.handle, nil, inputNames, inputs, inputs.count, outputNames, outputs.count, &outputs))
    }

    private static func copy(_ name: String) -> UnsafePointer<CChar> {
        guard let copy = strdup(name) else { preconditionFailure("out of memory") }
        return UnsafePointer(copy)
    }
}
