import Foundation
import Glibc

/// A file that results go to as they come.
///
/// Each piece reaches the kernel before `append` returns, and a piece that could not be written whole is taken back, so
/// that what was recognised is on disk, and readable, whatever happens next.
final class OutputFile {
    private let path: String
    private let option: String
    private let descriptor: CInt
    private var length: off_t = 0

    /// Opens (and empties) the file at `path`; `option` is what names another place on the command line.
    init(path: String, option: String) throws(PipelinesError) {
        self.path = path
        self.option = option
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        let failure = errno
        guard descriptor >= 0 else {
            throw PipelinesError(
                .resultsNotWritten, "\(path): results cannot be written here: \(String(cString: strerror(failure)))")
        }
    }

    deinit { close(descriptor) }

    /// Adds a piece; `written` says how many of what, such as `words`, are in the file already.
    func append(_ piece: some ContiguousBytes, written: (count: Int, of: String)) throws(PipelinesError) {
        let (count, failure) = piece.withUnsafeBytes { ($0.count, Self.write($0, to: descriptor)) }
        if let failure {
            ftruncate(descriptor, length)
            let state =
                written.count == 0
                ? "none of the \(written.of) is in the file"
                : "the \(written.of) before that are in the file, \(written.count) in all"
            throw PipelinesError(
                .resultsNotWritten,
                """
                \(path): \(String(cString: strerror(failure))); \(state). Free some space or name another place with \
                \(option)
                """)
        }
        length += off_t(count)
    }

    /// Writes all bytes to an open file; returns the error number when that fails.
    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> CInt? {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let written = Glibc.write(descriptor, start, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                return errno
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
        return nil
    }
}
