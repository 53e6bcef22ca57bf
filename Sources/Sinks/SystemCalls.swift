import Glibc

/// The system's words for an error number.
func words(of failure: CInt) -> String { String(cString: strerror(failure)) }

/// Writes all bytes to an open file; returns the error number when that fails.
func writeAll(_ bytes: [UInt8], to descriptor: CInt) -> CInt? {
    bytes.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { return nil }
        var written = 0
        while written < bytes.count {
            let count = write(descriptor, start + written, bytes.count - written)
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            written += count
        }
        return nil
    }
}

/// Waits between two looks at something that has no way to tell.
func pause(_ time: Duration) {
    let (seconds, attoseconds) = time.components
    var wait = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    nanosleep(&wait, nil)
}
