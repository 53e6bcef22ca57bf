import FoundationEssentials
import Testing

@testable import Recognition

/// Networks that are cut into segments.
@Suite(.enabled(if: Installed.hasRuntime, Installed.noRuntime))
struct SegmentsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func classifier(_ bundle: TinyBundle) throws -> ImageClassifier {
        try ImageClassifier(
            bundle: try ModelBundle(directory: try bundle.write(into: folder)), runtime: try OnnxRuntime.load(),
            options: SessionOptions(threads: 1))
    }

    /// A picture whose largest byte is the eighth and whose smallest is the fourth.
    private func loadPicture(_ classifier: ImageClassifier) {
        classifier.input.initializeMemory(as: UInt8.self, repeating: 5)
        classifier.input[7] = 9
        classifier.input[3] = 1
    }

    @Test(arguments: [TinyGraph.float32, TinyGraph.uint8])
    func `Each segment answers, and the next goes on from the features it left in memory`(type: Int) throws {
        let classifier = try classifier(.cut(type: type))
        #expect(classifier.stages.count == 2)
        loadPicture(classifier)
        #expect(try classifier.stages[0].run())
        #expect(classifier.stages[0].top(1).first?.classIndex == 7)
        // The second one does not look at the picture again.
        classifier.input.initializeMemory(as: UInt8.self, repeating: 0)
        #expect(try classifier.stages[1].run())
        #expect(classifier.stages[1].top(1).first?.classIndex == 3)
        #expect(classifier.stages[0].top(1).first?.classIndex == 7)
    }

    @Test func `Run as one, a network in segments gives its last answer`() throws {
        let classifier = try classifier(.cut())
        loadPicture(classifier)
        #expect(try classifier.run())
        #expect(classifier.top(1).first?.classIndex == 3)
    }

    @Test func `A segment that is stopped leaves the answer before it, and can go on from the same features`() throws {
        let classifier = try classifier(.cut())
        loadPicture(classifier)
        #expect(try classifier.stages[0].run())
        classifier.stages[1].brake.press()
        #expect(try !classifier.stages[1].run())
        #expect(classifier.stages[0].top(1).first?.classIndex == 7)
        classifier.stages[1].brake.release()
        #expect(try classifier.stages[1].run())
        #expect(classifier.top(1).first?.classIndex == 3)
    }

    @Test func `A network that is not cut has one stage`() throws {
        #expect(try classifier(TinyBundle()).stages.count == 1)
    }

    @Test func `Features of another shape than the next segment takes are refused with both`() throws {
        var bundle = TinyBundle.cut()
        bundle.graph = .second(type: TinyGraph.float32, shape: [1, 2, 3, 2])
        let error = try recognitionError { _ = try classifier(bundle) }
        #expect(error.code == .modelMismatch)
        #expect(error.message.contains("tiny/model.onnx: the graph's input is features float32 [1, 2, 3, 2]"))
        #expect(error.message.contains("the manifest says features float32 [1, 2, 2, 3]"))
    }

    @Test func `Features of another type than the next segment takes are refused with both`() throws {
        var bundle = TinyBundle.cut(type: TinyGraph.uint8)
        bundle.graph = .second(type: TinyGraph.float32)
        let error = try recognitionError { _ = try classifier(bundle) }
        #expect(error.code == .modelMismatch)
        #expect(error.message.contains("is features float32 [1, 2, 2, 3]; the manifest says features uint8"))
    }

    @Test func `A segment that hands nothing on where others follow is refused`() throws {
        let path = try TinyBundle.cut().write(into: folder)
        try folder.write(TinyGraph().bytes, to: "tiny/exit.onnx")
        let error = try recognitionError {
            _ = try ImageClassifier(
                bundle: try ModelBundle(directory: path), runtime: try OnnxRuntime.load(),
                options: SessionOptions(threads: 1))
        }
        #expect(error.code == .modelMismatch)
        #expect(error.message.contains("tiny/exit.onnx: the graph's output is probabilities float32 [1, 12]; the"))
    }

    @Test func `A segment that is no graph is refused by its file`() throws {
        let path = try TinyBundle.cut().write(into: folder)
        try folder.write("no graph", to: "tiny/exit.onnx")
        let error = try recognitionError {
            _ = try ImageClassifier(
                bundle: try ModelBundle(directory: path), runtime: try OnnxRuntime.load(),
                options: SessionOptions(threads: 1))
        }
        #expect(error.code == .modelUnreadable)
        #expect(error.message.contains("\(path)/exit.onnx: cannot load the graph"))
    }

    @Test func `Verifying finds a segment that is missing or has changed`() throws {
        let bundle = try ModelBundle(directory: try TinyBundle.cut().write(into: folder))
        try bundle.verify()
        try folder.write(TinyGraph().bytes, to: "tiny/exit.onnx")
        #expect(try recognitionError { try bundle.verify() }.message.contains("tiny/exit.onnx: has changed"))
        try FileManager.default.removeItem(atPath: bundle.directory + "/exit.onnx")
        #expect(
            try recognitionError { try bundle.verify() }.message.contains("tiny/exit.onnx: cannot be read: No such"))
    }

    @Test func `A manifest tells the segments in order, and encodes to what it was decoded from`() throws {
        let bundle = try ModelBundle(directory: try TinyBundle.cut().write(into: folder))
        let classifier = try #require(bundle.manifest.classifier)
        #expect(classifier.graphs == ["exit.onnx", "model.onnx"])
        #expect(classifier.accuracies.map(\.top1) == [0.25, 0.5])
        let encoded = try JSONEncoder().encode(bundle.manifest)
        #expect(try JSONDecoder().decode(ModelManifest.self, from: encoded) == bundle.manifest)
    }

    @Test(arguments: [
        ("\"graph\": \"exit.onnx\"", "\"graph\": \"other.onnx\"", "exits.0.graph"),
        ("\"name\": \"features\"", "\"name\": \"\"", "exits.0.features.name"),
        ("\"shape\": [1, 2, 2, 3]\n", "\"shape\": [1, 0, 2, 3]\n", "exits.0.features.shape"),
        ("\"shape\": [1, 2, 2, 3]\n", "\"shape\": [4096, 4096, 4096, 4096, 4096, 4096]\n", "exits.0.features.shape"),
        ("\"type\": \"float32\",\n", "\"type\": \"float64\",\n", "exits.0.features.type"),
        ("\"top1\": 0.25", "\"top1\": 1.25", "exits.0.accuracy.top1"),
        ("\"top1\": 0.25", "\"top1\": 0.5", "exits.0.accuracy"),
        ("\"fitted\"", "\"fit\"", "exits.0.fitted"),
    ])
    func `An exit that makes no sense is refused by key`(from: String, to: String, key: String) throws {
        var bundle = TinyBundle.cut()
        bundle.edit = { $0.replacing(from, with: to) }
        let path = try bundle.write(into: folder)
        let error = try recognitionError { _ = try ModelBundle(directory: path) }
        #expect(error.code == .manifestInvalid)
        #expect(error.message.contains(key))
    }
}

/// A real network cut in two.
@Suite(
    .enabled(if: Installed.hasRuntime, Installed.noRuntime),
    .enabled(if: Installed.bundles.contains { CutNetwork.places[$0.manifest.name] != nil }, Installed.noBundles))
struct CutNetworkTests {
    @Test(
        arguments: Installed.bundles.filter { CutNetwork.places[$0.manifest.name] != nil }, [Processor.cpu, .openvino])
    func `Cut in two, a network answers as it does whole`(bundle: ModelBundle, on processor: Processor) throws {
        if processor == .openvino, !Installed.has(.openvino) {
            print(Installed.noOpenVINO)
            return
        }
        let folder = try TemporaryFolder()
        let place = try #require(CutNetwork.places[bundle.manifest.name])
        let cut = try ModelBundle(directory: try CutNetwork.write(bundle, cutAt: place, into: folder))
        try cut.verify()
        let scores = try [bundle, cut].map { bundle in
            let classifier = try ImageClassifier(
                bundle: bundle, runtime: try OnnxRuntime.load(),
                options: SessionOptions(processor: processor, threads: 1))
            for index in classifier.input.indices { classifier.input[index] = UInt8(index * 7 % 251) }
            try classifier.run()
            return classifier.top(1_000).sorted { $0.classIndex < $1.classIndex }.map(\.score)
        }
        #expect(zip(scores[0], scores[1]).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(scores[0].contains { $0 > 0.01 })
    }
}
