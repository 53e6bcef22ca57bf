import Foundation
import Pipelines
import Testing

/// A certificate for 127.0.0.1 that vouches for itself, made by openssl, in a folder of its own.
final class Certificate: Sendable {
    let files: PipelineConfiguration.Page.Certificate
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "heed-certificate-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        files = .init(chain: folder + "/certificate.pem", key: folder + "/key.pem")
        let made = try Tool.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", files.key, "-out", files.chain,
            ])
        try #require(made.status == 0, "\(made.errors)")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Another file beside it.
    func file(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        return "\(folder)/\(name)"
    }
}

/// Debian's own programs.
enum Tool {
    /// Runs one to its end; what it says is to fit into a pipe.
    static func run(_ name: String, _ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.standardInput = FileHandle.nullDevice
        (process.standardOutput, process.standardError) = (output, errors)
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let words = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text, words)
    }
}
