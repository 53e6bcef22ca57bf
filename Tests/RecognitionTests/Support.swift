import FoundationEssentials
import Recognition
import Testing

/// What set-up installs on the machine that the tests run on.
enum Installed {
    static let hasRuntime = (try? OnnxRuntime.load()) != nil
    static let hasModels = FileManager.default.fileExists(atPath: DataFolder.models)
    static let bundles = ((try? ModelBundle.all(in: DataFolder.models)) ?? [])
        .compactMap { try? $0.bundle.get() }.filter { $0.manifest.classifier != nil }

    static let noRuntime: Comment = "SKIPPED: ONNX Runtime is not installed; run `heed models build`"
    static let noBundles: Comment = "SKIPPED: there are no model bundles; run `heed models build`"
}

/// Runs `body`, which must throw a `RecognitionError`, and gives that error.
func recognitionError(_ body: () throws -> Void) throws -> RecognitionError {
    try #require(throws: RecognitionError.self, performing: body)
}
