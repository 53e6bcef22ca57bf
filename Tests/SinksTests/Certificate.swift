import Foundation
import Testing

/// A certificate for 127.0.0.1 that vouches for itself, made by openssl.
struct Certificate {
    /// The certificate.
    let authority: String
    /// Its key.
    let key: String
    /// Both in one file.
    let bundle: String

    init(in scratch: ScratchFolder) throws {
        authority = scratch.path("certificate.pem")
        key = scratch.path("key.pem")
        bundle = scratch.path("bundle.pem")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", authority,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        try (scratch.text("key.pem") + scratch.text("certificate.pem"))
            .write(toFile: bundle, atomically: true, encoding: .utf8)
    }
}
