import FoundationEssentials

@testable import Recognition

/// A real bundle's network cut into two segments, to tell whether they come to what the whole does.
///
/// The first segment's answer is worth nothing: soft-max over its features' means, and no evidence for the classes
/// beyond their number.
enum CutNetwork {
    /// Where a network is cut: what its nodes from there on read.
    struct Place {
        var name: String
        var shape: [Int]
        var type: ClassifierManifest.Features.ElementType
    }

    /// Behind block 10 of EfficientNet-lite0, in either precision.
    static let places = [
        "efficientnet-lite0-fp32": Place(name: "block10/sum", shape: [1, 112, 14, 14], type: .float32),
        "efficientnet-lite0-int8": Place(name: "block10/sum/bytes", shape: [1, 112, 14, 14], type: .uint8),
    ]

    /// Writes the bundle in two segments into `folder`, and gives its path.
    static func write(_ bundle: ModelBundle, cutAt place: Place, into folder: TemporaryFolder) throws -> String {
        var manifest = bundle.manifest
        guard var classifier = manifest.classifier else { throw RecognitionError(.kindUnsupported, "no classifier") }
        let model = ProtobufMessage(try FileReading.contents(of: bundle.path(of: classifier.graph))[...])
        manifest.name += "-cut"
        let path = "\(folder.path)/\(manifest.name)"
        try folder.write(segment(of: model, at: place, isFirst: true), to: "\(manifest.name)/exit.onnx")
        try folder.write(segment(of: model, at: place, isFirst: false), to: "\(manifest.name)/model.onnx")
        try folder.write(bundle.labels.map { $0 + "\n" }.joined(), to: "\(manifest.name)/labels.txt")
        var accuracy = classifier.accuracy
        (accuracy.top1, accuracy.expected) = (0.001, 0.001)
        classifier.graph = "model.onnx"
        classifier.exits = [
            .init(
                graph: "exit.onnx", features: .init(name: place.name, type: place.type, shape: place.shape),
                accuracy: accuracy, fitted: "to nothing")
        ]
        manifest.classifier = classifier
        for file in ["exit.onnx", "model.onnx", "labels.txt"] {
            manifest.files[file] = try SHA256.hexDigest(ofFile: "\(path)/\(file)")
        }
        try folder.write(try JSONEncoder().encode(manifest), to: "\(manifest.name)/model.json")
        return path
    }

    private static func segment(of model: ProtobufMessage, at place: Place, isFirst: Bool) -> [UInt8] {
        model.fields.flatMap { part in
            part.number == 7
                ? field(7, graph(ProtobufMessage(part.contents), at: place, isFirst: isFirst)) : Array(part.whole)
        }
    }

    /// The nodes up to the one that gives what is passed on, or those behind it; weights that none of them reads are
    /// left out when the graph is loaded.
    private static func graph(_ graph: ProtobufMessage, at place: Place, isFirst: Bool) -> [UInt8] {
        let passed = value(
            place.name, type: place.type == .uint8 ? TinyGraph.uint8 : TinyGraph.float32, shape: place.shape)
        var bytes: [UInt8] = []
        var isBefore = true
        for part in graph.fields {
            switch part.number {
            case 1:
                if isBefore == isFirst { bytes += part.whole }
                if ProtobufMessage(part.contents)[2].contains(where: { $0.elementsEqual(place.name.utf8) }) {
                    isBefore = false
                }
            case 11: bytes += isFirst ? Array(part.whole) : field(11, passed)
            default: bytes += part.whole
            }
        }
        return isFirst ? bytes + answer(place) + field(12, passed) : bytes
    }

    /// Nodes from features to a thousand probabilities.
    private static func answer(_ place: Place) -> [UInt8] {
        let channels = place.shape[1]
        let nodes = [
            node("Cast", [place.name], "exit/values", attributes: [("to", TinyGraph.float32)]),
            node("GlobalAveragePool", ["exit/values"], "exit/average"),
            node("Flatten", ["exit/average"], "exit/means", attributes: [("axis", 1)]),
            node("Pad", ["exit/means", "exit/pads"], "exit/row"),
            node("Softmax", ["exit/row"], "probabilities", attributes: [("axis", 1)]),
        ]
        return nodes.flatMap { field(1, $0) } + field(5, integers("exit/pads", [0, 0, 0, 1_000 - channels]))
    }
}
