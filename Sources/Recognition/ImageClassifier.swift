/// An image classifier, loaded and ready: a picture goes into ``input``, ``run()`` recognises it, ``top(_:)`` tells.
///
/// A network that is cut into segments answers several times on its way: ``stages`` run one by one.
///
/// Not thread-safe: a classifier belongs to one thread at a time, and `run()` blocks that thread for milliseconds and
/// puts others to work, so it must not be one of Swift's cooperative pool. heed gives each recogniser a thread of its
/// own.
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
    /// What answers, in the order in which it must run: the exits of a network in segments, and the network itself.
    public let stages: [ClassifierStage]

    private let image: TensorMemory<UInt8>

    /// Loads the bundle's graphs; takes about 50 ms for the image models on the CPU, 300 ms with OpenVINO. Its files
    /// are not verified.
    ///
    /// - Parameters:
    ///   - bundle: A bundle of kind `classifier`.
    ///   - runtime: The engine.
    ///   - options: How the graphs are run.
    /// - Throws: `.kindUnsupported`, `.modelUnreadable`, `.processorUnavailable`, and `.modelMismatch` when a graph
    ///   is not what the manifest says.
    public init(bundle: ModelBundle, runtime: OnnxRuntime, options: SessionOptions) throws(RecognitionError) {
        guard let manifest = bundle.manifest.classifier else {
            throw RecognitionError(
                .kindUnsupported,
                "\(bundle.directory): is a bundle of kind \"\(bundle.manifest.kind)\"; this heed classifies images "
                    + "with kind \"\(ModelManifest.Kind.classifier)\" only. Choose such a bundle, or a later heed.")
        }
        let image = TensorMemory<UInt8>(count: manifest.input.shape.reduce(1, *))
        image.buffer.initialize(repeating: 0)
        var passed = PassedTensor(
            name: manifest.input.name, tensor: try image.tensor(manifest.input.shape, runtime: runtime), memory: image)
        var stages: [ClassifierStage] = []
        for (place, graph) in manifest.graphs.enumerated() {
            let exit = manifest.exits.flatMap { $0.indices.contains(place) ? $0[place] : nil }
            let features = try exit.map { (exit) throws(RecognitionError) in
                try PassedTensor(exit.features, runtime: runtime)
            }
            let session = try Session(path: bundle.path(of: graph), options: options, runtime: runtime)
            stages.append(
                try ClassifierStage(
                    session, of: bundle, manifest.output, takes: passed, passesOn: features, runtime: runtime))
            if let features { passed = features }
        }
        self.bundle = bundle
        self.options = options
        self.stages = stages
        self.image = image
        width = manifest.input.width
        height = manifest.input.height
        cropMargin = manifest.input.crop.margin
        input = UnsafeMutableRawBufferPointer(image.buffer)
    }

    /// Recognises the picture in ``input``, to the last stage. Blocks the calling thread until the scores are there;
    /// allocates nothing here.
    ///
    /// - Returns: Whether it came to its end; false where a stage's brake stopped it.
    /// - Throws: As ``ClassifierStage/run()``.
    @discardableResult
    public func run() throws(RecognitionError) -> Bool {
        for stage in stages {
            guard try stage.run() else { return false }
        }
        return true
    }

    /// The best classes of the last stage of the last run, best first, ties by index.
    ///
    /// One pass over the scores; allocates the result.
    public func top(_ count: Int) -> [Classification] { stages.last?.top(count) ?? [] }
}
