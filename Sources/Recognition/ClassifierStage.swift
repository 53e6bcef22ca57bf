/// One answer of an image classifier: a whole network's, or that of one segment of a network that is cut into several.
///
/// A segment goes on from what the one before left in memory, so stages run in order. Not thread-safe: belongs to one
/// thread at a time, with its classifier.
public final class ClassifierStage {
    private let bundle: ModelBundle
    private let scores: TensorMemory<Float>
    private let prepared: PreparedRun
    /// What is read and what is passed on, which the engine sees as bare memory.
    private let passed: [PassedTensor]

    /// Prepares a segment to run.
    ///
    /// - Throws: `.modelMismatch` when the graph's inputs and outputs are not those that the manifest says.
    init(
        _ session: Session, of bundle: ModelBundle, _ output: ClassifierManifest.Output, takes input: PassedTensor,
        passesOn features: PassedTensor?, runtime: OnnxRuntime
    ) throws(RecognitionError) {
        let scores = TensorMemory<Float>(count: output.shape.reduce(1, *))
        scores.buffer.initialize(repeating: 0)
        let answer = PassedTensor(
            name: output.name, tensor: try scores.tensor(output.shape, runtime: runtime), memory: scores)
        let outputs = [answer] + [features].compactMap(\.self)
        for (what, real, needed) in [("input", session.inputs, [input]), ("output", session.outputs, outputs)] {
            let expected = needed.map(\.description)
            guard Set(real) != Set(expected) || real.count != expected.count else { continue }
            func words(_ tensors: [TensorDescription]) -> String { tensors.map(\.description).joined(separator: ", ") }
            throw RecognitionError(
                .modelMismatch,
                "\(session.path): the graph's \(what) is \(words(real)); the manifest says \(words(expected)). Run "
                    + "`heed models build` to build the bundle anew.")
        }
        prepared = try PreparedRun(
            session, inputs: [(input.name, input.tensor)], outputs: outputs.map { ($0.name, $0.tensor) })
        self.bundle = bundle
        self.scores = scores
        passed = [input] + outputs
    }

    /// Stops the stage from another thread.
    public var brake: RunBrake { prepared.brake }

    /// Works out the answer. Blocks the calling thread until the scores are there; allocates nothing here.
    ///
    /// - Returns: Whether it came to its end; false where the ``brake`` stopped it, and the scores are worthless.
    /// - Throws: `.inferenceFailed` with the engine's reason, or when a score is no number, and `.processorLost`; the
    ///   scores are then worthless.
    @discardableResult
    public func run() throws(RecognitionError) -> Bool {
        guard try prepared.run() else { return false }
        // A sum is finite only if every part is.
        guard scores.buffer.reduce(0, +).isFinite else {
            throw RecognitionError(
                .inferenceFailed,
                "\(bundle.directory): the model gave scores that are no numbers. Run `heed models verify`.")
        }
        return true
    }

    /// The best classes of the last run, best first, ties by index.
    ///
    /// One pass over the scores; allocates the result.
    public func top(_ count: Int) -> [Classification] {
        let scores = UnsafeBufferPointer(scores.buffer)
        return Classification.best(count, of: scores).map {
            Classification(classIndex: $0, label: bundle.labels[$0], score: scores[$0])
        }
    }
}

/// A tensor between two runs of graphs: what writes it fills the memory that the next one reads, so nothing is copied.
struct PassedTensor {
    /// The name in the graphs.
    let name: String
    /// The tensor over the memory.
    let tensor: Tensor
    /// What owns the memory.
    private let memory: AnyObject

    init(name: String, tensor: Tensor, memory: AnyObject) {
        self.name = name
        self.tensor = tensor
        self.memory = memory
    }

    /// Memory for what one segment hands on to the next.
    init(_ features: ClassifierManifest.Features, runtime: OnnxRuntime) throws(RecognitionError) {
        let count = features.shape.reduce(1, *)
        switch features.type {
        case .float32:
            let memory = TensorMemory<Float>(count: count)
            self.init(name: features.name, tensor: try memory.tensor(features.shape, runtime: runtime), memory: memory)
        case .uint8:
            let memory = TensorMemory<UInt8>(count: count)
            self.init(name: features.name, tensor: try memory.tensor(features.shape, runtime: runtime), memory: memory)
        }
    }

    /// What a graph must say of it.
    var description: TensorDescription { TensorDescription(name: name, type: tensor.type, shape: tensor.shape) }
}
