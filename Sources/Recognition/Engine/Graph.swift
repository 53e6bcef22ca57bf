/// A graph loaded and made ready to run on a processor.
protocol Graph: AnyObject {
    /// The graph's inputs, in its own order.
    var inputs: [TensorDescription] { get }
    /// The graph's outputs, in its own order.
    var outputs: [TensorDescription] { get }

    /// One way to run the graph, by the names of the inputs that it is given and of the outputs that are wanted.
    func run(inputs: [String], outputs: [String]) throws(RecognitionError) -> any GraphRun
}

/// One way to run a graph. Not thread-safe: run by one thread at a time.
protocol GraphRun: AnyObject {
    /// Says which tensors the runs from now on read and fill, in the order of the names.
    func bind(inputs: [Tensor], outputs: [Tensor]) throws(RecognitionError)

    /// Stops the run from another thread.
    var brake: RunBrake { get }

    /// Reads the inputs' memory and fills the outputs'. Blocks; allocates nothing of heed's.
    ///
    /// - Returns: Whether it came to its end; false where the brake stopped it, and the outputs are worthless.
    /// - Throws: `.inferenceFailed` with the engine's reason; `.processorLost` where the device is gone or lacks
    ///   memory.
    func run() throws(RecognitionError) -> Bool
}
