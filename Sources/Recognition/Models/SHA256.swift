import CLibCrypto
import Glibc

/// SHA-256 of files, by OpenSSL's libcrypto, which uses the processor's own instructions where it has them.
///
/// Foundation on Linux has no digest, and swift-crypto would build its own copy of this C code with every clean build.
enum SHA256 {
    /// Why a file could not be read.
    struct Failure: Error { var reason: String }

    /// The digest of a file's contents in 64 lower-case hexadecimal digits.
    static func hexDigest(ofFile path: String) -> Result<String, Failure> {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return .failure(Failure(reason: String(cString: strerror(errno)))) }
        defer { close(file) }

        guard let context = EVP_MD_CTX_new() else { return .failure(Failure(reason: "libcrypto is out of memory")) }
        defer { EVP_MD_CTX_free(context) }
        let refused = Failure(reason: "libcrypto refuses SHA-256")
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else { return .failure(refused) }

        return withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 64) { chunk in
            while true {
                let count = Glibc.read(file, chunk.baseAddress, chunk.count)
                if count == 0 { break }
                if count < 0 {
                    if errno == EINTR { continue }
                    return .failure(Failure(reason: String(cString: strerror(errno))))
                }
                guard EVP_DigestUpdate(context, chunk.baseAddress, count) == 1 else { return .failure(refused) }
            }
            var digest = [UInt8](repeating: 0, count: 32)
            guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else { return .failure(refused) }
            return .success(hexadecimal(digest))
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
