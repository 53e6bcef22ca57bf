import CLibCrypto

/// SHA-256 of files, by OpenSSL's libcrypto, which uses the processor's own instructions where it has them.
///
/// Foundation on Linux has no digest, and swift-crypto would build its own copy of this C code with every clean build.
enum SHA256 {
    /// The digest of a file's contents in 64 lower-case hexadecimal digits.
    static func hexDigest(ofFile path: String) throws(FileError) -> String {
        let refused = FileError(reason: "libcrypto refuses to compute its SHA-256")
        guard let context = EVP_MD_CTX_new() else { throw refused }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else { throw refused }
        try FileReading.forEachChunk(of: path) { (chunk) throws(FileError) in
            guard EVP_DigestUpdate(context, chunk.baseAddress, chunk.count) == 1 else { throw refused }
        }
        var digest = [UInt8](repeating: 0, count: 32)
        guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else { throw refused }
        return hexadecimal(digest)
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
