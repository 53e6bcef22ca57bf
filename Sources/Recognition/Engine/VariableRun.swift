import COnnxRuntime

/// One way to run a session: which inputs it is given and which outputs are wanted, with other tensors each time.
///
/// Not thread-safe: run by one thread at a time.
final class VariableRun {
    private let session: Session
    private let inputNames: NameList
    private let outputNames: NameList

    init(_ session: Session, inputs: [String], outputs: [String]) {
        self.session = session
        inputNames = NameList(inputs)
        outputNames = NameList(outputs)
    }

    /// Runs the graph on tensors in the order of the names; blocks. Fills the outputs, whose shapes must be the true ones.
    ///
    /// - Throws: `.inferenceFailed` with ONNX Runtime's reason.
    func run(inputs: [Tensor], outputs: [Tensor]) throws(RecognitionError) {
        precondition(
            inputs.count == inputNames.pointers.count && outputs.count == outputNames.pointers.count,
            "a run needs one tensor a name")
        let given = inputs.map { Optional($0.value) }
        var filled = outputs.map { Optional($0.value) }
        try session.runtime.check(
            .inferenceFailed, "run the graph", in: session.path,
            session.runtime.api.Run(
                session.handle, nil, inputNames.pointers, given, given.count, outputNames.pointers, filled.count,
                &filled))
        withExtendedLifetime((inputs, outputs)) {}
    }
}
