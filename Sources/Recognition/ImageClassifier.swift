/// An image classifier, loaded and ready: a picture goes into ``input``, ``run()`` recognises it, ``top(_:)`` tells.
///
/// Not thread-safe: a classifier belongs to one thread at a time, and `run()` blocks that thread for milliseconds and
/// puts others to work, so it must not be one of Swift's cooperative pool. heed gives each recogniser a thread of its own.
public final class ImageClassifier {
    /// The bundle that the classifier runs.
    public let bundle: ModelBundle
    /// How it runs.
    public let options: SessionOptions
    /// The picture's width in pixels.
    public let width: Int
    /// The picture's height in pixels.
    public let height: Int
    /// How much of the picture's edge is left out: see ``ClassifierManifest/Crop``.
    public let cropMargin: Int
    /// The picture's memory: height × width × 3 bytes, rows from the top, R, G, B in each pixel.
    ///
    /// The caller writes it before a run; it keeps its contents over a run and lives as long as the classifier.
    public let input: UnsafeMutableRawBufferPointer

    private let scores: UnsafeMutableBufferPointer<Float>
    private let prepared: PreparedRun

    /// Loads the bundle's graph; takes about 50 ms for the image models on the CPU, 300 ms with OpenVINO. Its files are
    /// not verified.
    ///
    /// - Parameters:
    ///   - bundle: A bundle of kind `classifier`.
    ///   - runtime: The engine.
    ///   - options: How the graph is run.
    /// - Throws: `.kindUnsupported`, `.modelUnreadable`, `.processorUnavailable`, and `.modelMismatch` when the graph
    ///   is not what the manifest says.
    public init(bundle: ModelBundle, runtime: OnnxRuntime, options: SessionOptions) throws(RecognitionError) {
        guard let manifest = bundle.manifest.classifier else {
            throw RecognitionError(
                .kindUnsupported,
                "\(bundle.directory): is a bundle of kind \"\(bundle.manifest.kind)\"; this heed classifies images "
                    + "with kind \"\(ModelManifest.Kind.classifier)\" only. Choose such a bundle, or a later heed.")
        }
        let session = try Session(
            path: bundle.path(of: manifest.graph), options: options, runtime: runtime)
        try Self.check(session, manifest)

        let image = Self.allocate(UInt8.self, count: manifest.input.shape.reduce(1, *))
        let scores = Self.allocate(Float.self, count: manifest.classes)
        do {
            prepared = try PreparedRun(
                session,
                inputs: [
                    (manifest.input.name, try Tensor(over: image, shape: manifest.input.shape, runtime: runtime))
                ],
                outputs: [
                    (manifest.output.name, try Tensor(over: scores, shape: manifest.output.shape, runtime: runtime))
                ])
        } catch {
            image.deallocate()
            scores.deallocate()
            throw error
        }
        self.bundle = bundle
        self.options = options
        width = manifest.input.width
        height = manifest.input.height
        cropMargin = manifest.input.crop.margin
        input = UnsafeMutableRawBufferPointer(image)
        self.scores = scores
    }

    deinit {
        input.deallocate()
        scores.deallocate()
    }

    /// Stops runs from another thread.
    public var brake: RunBrake { prepared.brake }

    /// Recognises the picture in ``input``. Blocks the calling thread until the scores are there; allocates nothing here.
    ///
    /// - Returns: Whether it came to its end; false where the ``brake`` stopped it, and the scores are worthless.
    /// - Throws: `.inferenceFailed` with the engine's reason, or when a score is no number, and `.processorLost`; the
    ///   scores are then worthless.
    @discardableResult
    public func run() throws(RecognitionError) -> Bool {
        guard try prepared.run() else { return false }
        // A sum is finite only if every part is.
        guard scores.reduce(0, +).isFinite else {
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
        Classification.best(count, of: UnsafeBufferPointer(scores)).map {
            Classification(classIndex: $0, label: bundle.labels[$0], score: scores[$0])
        }
    }

    /// Memory of zeros at the start of a cache line.
    private static func allocate<Element: TensorElement & ExpressibleByIntegerLiteral>(
        _: Element.Type, count: Int
    ) -> UnsafeMutableBufferPointer<Element> {
        let bytes = UnsafeMutableRawBufferPointer.allocate(
            byteCount: count * MemoryLayout<Element>.stride, alignment: 64)
        return bytes.initializeMemory(as: Element.self, repeating: 0)
    }

    /// Compares the graph's real inputs and outputs with the manifest's.
    private static func check(_ session: Session, _ manifest: ClassifierManifest) throws(RecognitionError) {
        let input = TensorDescription(name: manifest.input.name, type: .uint8, shape: manifest.input.shape)
        let output = TensorDescription(name: manifest.output.name, type: .float32, shape: manifest.output.shape)
        for (what, real, expected) in [("input", session.inputs, input), ("output", session.outputs, output)]
        where real != [expected] {
            throw RecognitionError(
                .modelMismatch,
                "\(session.path): the graph's \(what) is \(real.map(\.description).joined(separator: ", ")); the "
                    + "manifest says \(expected). Run `heed models build` to build the bundle anew.")
        }
    }
}
