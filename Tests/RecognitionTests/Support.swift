import FoundationEssentials
import Glibc
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

/// A folder that goes away with its owner.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/heed-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw RecognitionError(.bundleMissing, "no temporary folder") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ data: some Sequence<UInt8>, to file: String) throws {
        let target = URL(filePath: path + "/" + file)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(data).write(to: target)
    }

    func write(_ text: String, to file: String) throws { try write(text.utf8, to: file) }
}

/// Runs `body`, which must throw a `RecognitionError`, and gives that error.
func recognitionError(_ body: () throws -> Void) throws -> RecognitionError {
    try #require(throws: RecognitionError.self, performing: body)
}
