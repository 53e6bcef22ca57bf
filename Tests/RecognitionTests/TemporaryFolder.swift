import FoundationEssentials
import Glibc
import Recognition

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
