import Foundation
import Glibc
import NIOCore
import NIOSSL
import Pipelines

/// What a page is encrypted with: a certificate and its key that are known to work.
struct PageCertificate: Sendable {
    /// Files that are larger hold no certificate.
    private static let largest = 1 << 20

    /// How TLS is spoken: version 1.2 or 1.3, and HTTP/1.1 over it.
    let configuration: TLSConfiguration

    /// Reads both files and tries them; blocks meanwhile.
    ///
    /// - Parameter now: The time at which the certificate has to be valid.
    /// - Throws: `DashboardError` of code `badCertificate`, which names the file and what to do.
    init(_ files: PipelineConfiguration.Page.Certificate, now: Date = Date()) throws(DashboardError) {
        let chain = try Self.chain(files.chain, now)
        let key = try Self.key(files.key)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // How long a viewer may take to say goodbye.
        configuration.shutdownTimeout = .seconds(1)
        // BoringSSL looks whether the key is the certificate's when both are put to use.
        guard (try? NIOSSLContext(configuration: configuration)) != nil else {
            throw DashboardError(
                .badCertificate,
                "\(files.key): is not the key of the certificate in \(files.chain), or too weak to be used; give the "
                    + "one that the certificate was made with")
        }
        self.configuration = configuration
    }

    private static func chain(_ path: String, _ now: Date) throws(DashboardError) -> [NIOSSLCertificate] {
        let bytes = try read(path)
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(bytes), let own = chain.first else {
            throw DashboardError(
                .badCertificate,
                "\(path): holds no certificate in PEM; it must begin with -----BEGIN CERTIFICATE-----, the page's own "
                    + "one first")
        }
        let (start, end) = (Self.date(own.notValidBefore), Self.date(own.notValidAfter))
        guard now <= end else {
            throw DashboardError(
                .badCertificate, "\(path): the certificate expired at \(end.ISO8601Format()); renew it")
        }
        guard now >= start else {
            throw DashboardError(
                .badCertificate,
                "\(path): the certificate is valid from \(start.ISO8601Format()) on; use another, or set this "
                    + "machine's clock")
        }
        return chain
    }

    private static func key(_ path: String) throws(DashboardError) -> NIOSSLPrivateKey {
        let bytes = try read(path)
        guard !String(decoding: bytes, as: UTF8.self).contains("ENCRYPTED") else {
            throw DashboardError(
                .badCertificate,
                "\(path): the key has a passphrase, which heed has nobody to ask for; take it away with `openssl pkey`")
        }
        guard let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) else {
            throw DashboardError(
                .badCertificate,
                "\(path): holds no private key in PEM; it must have a line such as -----BEGIN PRIVATE KEY-----")
        }
        return key
    }

    private static func read(_ path: String) throws(DashboardError) -> [UInt8] {
        var status = stat()
        guard stat(path, &status) == 0, access(path, R_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw DashboardError(.badCertificate, "\(path): cannot be read: \(reason); check its name and its rights")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw DashboardError(.badCertificate, "\(path): is no regular file; give one in PEM")
        }
        let bytes = try? FileHandle(forReadingFrom: URL(fileURLWithPath: path)).read(upToCount: largest)
        return [UInt8](bytes ?? Data())
    }

    private static func date(_ seconds: time_t) -> Date { Date(timeIntervalSince1970: TimeInterval(seconds)) }
}
