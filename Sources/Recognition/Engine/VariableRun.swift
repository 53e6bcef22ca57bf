/// One way to run a session: which inputs it is given and which outputs are wanted, with other tensors each time.
///
/// Not thread-safe: run by one thread at a time.
final class VariableRun {
    private let unbound: any GraphRun
    private let inputCount: Int
    private let outputCount: Int

    init(_ session: Session, inputs: [String], outputs: [String]) throws(RecognitionError) {
        unbound = try session.run(inputs: inputs, outputs: outputs)
        inputCount = inputs.count
        outputCount = outputs.count
    }

    /// Runs the graph on tensors in the order of the names; blocks. Fills the outputs, whose shapes must be true.
    ///
    /// - Throws: `.inferenceFailed` and `.processorLost`: see ``GraphRun/run()``.
    func run(inputs: [Tensor], outputs: [Tensor]) throws(RecognitionError) {
        precondition(inputs.count == inputCount && outputs.count == outputCount, "a run needs one tensor a name")
        try unbound.bind(inputs: inputs, outputs: outputs)
        // Nobody but this holds its brake.
        _ = try unbound.run()
    }
}
