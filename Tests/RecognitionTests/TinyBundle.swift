import FoundationEssentials

@testable import Recognition

/// A whole bundle around a tiny graph, whose parts a test can change before it is written.
struct TinyBundle {
    var graph = TinyGraph()
    var labels = (0..<12).map { "byte \($0)" }
    /// Changes the manifest's text once it is right.
    var edit: (String) -> String = { $0 }

    /// Writes the bundle into `folder`/`name`, and gives the path.
    @discardableResult
    func write(into folder: TemporaryFolder, as name: String = "tiny") throws -> String {
        try folder.write(graph.bytes, to: "\(name)/model.onnx")
        try folder.write(labels.map { $0 + "\n" }.joined(), to: "\(name)/labels.txt")
        let path = "\(folder.path)/\(name)"
        let digests = try ["model.onnx", "labels.txt"].map { try SHA256.hexDigest(ofFile: "\(path)/\($0)") }
        try folder.write(edit(manifest(name, digests)), to: "\(name)/model.json")
        return path
    }

    private func manifest(_ name: String, _ digests: [String]) -> String {
        """
        {
          "format": "heed-model/1", "name": "\(name)", "kind": "classifier", "task": "image-classification",
          "family": "tiny", "precision": "fp32", "graph": "model.onnx",
          "input": {
            "name": "image", "type": "uint8", "layout": "NHWC", "shape": [1, 2, 2, 3], "color": "RGB",
            "crop": {"rule": "center", "margin": 32}
          },
          "output": {"name": "probabilities", "type": "float32", "shape": [1, 12]},
          "labels": "labels.txt", "classes": 12,
          "accuracy": {"top1": 0.5, "top5": 0.75, "samples": 4, "measured": "by hand"},
          "license": "Apache-2.0",
          "origin": {"package": "none", "version": "0", "file": "none", "sha256": "\(digests[0])"},
          "recipe": 1,
          "files": {"model.onnx": "\(digests[0])", "labels.txt": "\(digests[1])"}
        }
        """
    }
}
