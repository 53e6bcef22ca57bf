import Glibc

/// Writes each result as one JSON line to a file.
///
/// Each line reaches the kernel before `receive` returns, and a line that could not be written whole is taken back,
/// so that what was recognised is on disk, and readable, whatever happens next.
public final class JSONLinesSink: ResultSink {
    private let path: String
    private let descriptor: CInt
    private var line = JSONLine()
    private var length: off_t = 0
    private var lines = 0

    /// Opens (and empties) the file at `path`.
    public init(path: String) throws(PipelinesError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        let failure = errno
        guard descriptor >= 0 else {
            throw PipelinesError(
                .resultsNotWritten, "\(path): results cannot be written here: \(String(cString: strerror(failure)))")
        }
    }

    deinit { close(descriptor) }

    public func receive(_ result: SampleResult) throws {
        result.write(to: &line)
        let failure = line.bytes.withUnsafeBytes { write(all: $0) }
        if let failure {
            ftruncate(descriptor, length)
            throw PipelinesError(
                .resultsNotWritten,
                """
                \(path): \(String(cString: strerror(failure))) after \(lines) results; those are in the file. \
                Free some space or name another place with --results
                """)
        }
        length += off_t(line.bytes.count)
        lines += 1
    }

    public func finish() throws {}

    /// Writes all bytes; returns the error number when that fails.
    private func write(all bytes: UnsafeRawBufferPointer) -> CInt? {
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
