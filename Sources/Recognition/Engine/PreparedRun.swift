/// One way to run a session: its tensors bound to its inputs and outputs once, so that a run allocates nothing of
/// heed's.
///
/// Not thread-safe: run by one thread at a time.
final class PreparedRun {
    private let bound: any GraphRun

    /// Binds tensors to inputs and outputs by name; they stay valid as long as this.
    init(
        _ session: Session, inputs: [(name: String, tensor: Tensor)], outputs: [(name: String, tensor: Tensor)]
    ) throws(RecognitionError) {
        bound = try session.run(inputs: inputs.map(\.name), outputs: outputs.map(\.name))
        try bound.bind(inputs: inputs.map(\.tensor), outputs: outputs.map(\.tensor))
    }

    /// Stops runs from another thread.
    var brake: RunBrake { bound.brake }

    /// Runs the graph: reads the inputs' memory and fills the outputs'. Blocks; works on this thread and the session's.
    ///
    /// - Returns: Whether it came to its end; false where the brake stopped it.
    /// - Throws: `.inferenceFailed` and `.processorLost`: see ``GraphRun/run()``.
    @discardableResult
    func run() throws(RecognitionError) -> Bool { try bound.run() }
}
