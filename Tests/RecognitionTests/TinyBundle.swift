import FoundationEssentials

@testable import Recognition

/// A whole bundle around a tiny graph, or two that are its segments, whose parts a test can change before writing it.
struct TinyBundle {
    var graph = TinyGraph()
    /// The first segment, where there are two.
    var exit: TinyGraph?
    var labels = (0..<12).map { "byte \($0)" }
    /// Changes the manifest's text once it is right.
    var edit: (String) -> String = { $0 }

    /// A network in two segments, with features of this type: the first answers with the largest byte, the second with
    /// the smallest.
    static func cut(type: Int = TinyGraph.float32) -> TinyBundle {
        TinyBundle(graph: .second(type: type), exit: TinyGraph(passesOn: type))
    }

    /// Writes the bundle into `folder`/`name`, and gives the path.
    @discardableResult
    func write(into folder: TemporaryFolder, as name: String = "tiny") throws -> String {
        try folder.write(graph.bytes, to: "\(name)/model.onnx")
        if let exit { try folder.write(exit.bytes, to: "\(name)/exit.onnx") }
        try folder.write(labels.map { $0 + "\n" }.joined(), to: "\(name)/labels.txt")
        let path = "\(folder.path)/\(name)"
        let files = ["model.onnx", "labels.txt"] + (exit == nil ? [] : ["exit.onnx"])
        let digests = try files.map { ($0, try SHA256.hexDigest(ofFile: "\(path)/\($0)")) }
        try folder.write(edit(manifest(name, digests)), to: "\(name)/model.json")
        return path
    }

    private func manifest(_ name: String, _ digests: [(file: String, digest: String)]) -> String {
        """
        {
          "format": "heed-model/1", "name": "\(name)", "kind": "classifier", "task": "image-classification",
          "family": "tiny", "precision": "fp32", "graph": "model.onnx",\(exits)
          "input": {
            "name": "image", "type": "uint8", "layout": "NHWC", "shape": [1, 2, 2, 3], "color": "RGB",
            "crop": {"rule": "center", "margin": 32}
          },
          "output": {"name": "probabilities", "type": "float32", "shape": [1, 12]},
          "labels": "labels.txt", "classes": 12,
          "accuracy": {"top1": 0.5, "top5": 0.75, "samples": 4, "measured": "by hand"},
          "license": "Apache-2.0",
          "origin": {"package": "none", "version": "0", "file": "none", "sha256": "\(digests[0].digest)"},
          "recipe": 1,
          "files": {\(digests.map { "\"\($0.file)\": \"\($0.digest)\"" }.joined(separator: ", "))}
        }
        """
    }

    private var exits: String {
        guard let exit, let type = exit.passesOn else { return "" }
        return """
            "exits": [{
              "graph": "exit.onnx",
              "features": {
                "name": "\(TinyGraph.features)", "type": "\(type == TinyGraph.uint8 ? "uint8" : "float32")",
                "shape": \(exit.shape)
              },
              "accuracy": {"top1": 0.25, "top5": 0.5, "samples": 4, "measured": "by hand"},
              "fitted": "to nothing"
            }],
            """
    }
}
