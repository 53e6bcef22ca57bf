import Glibc

/// The file that a recording is written to: whole clusters reach the kernel at once, and after an error it is cut back
/// to the last of them.
///
/// For one thread; only `sync` may be called on another.
final class RecordingFile: @unchecked Sendable {
    // All but the descriptor, which never changes, belongs to the writing thread.

    let path: String
    /// The size of the file up to the last whole cluster.
    private(set) var wholeSize: Int64 = 0
    /// Why the file could not be written on; all that comes after is dropped.
    private(set) var failure: RecordingError?
    private let descriptor: CInt
    private var pending: [UInt8] = []
    /// Where in the file `pending` belongs.
    private var position: Int64 = 0
    private var size: Int64 = 0
    /// Whether it was made here, rather than being another's that is replaced.
    private let isNew: Bool
    /// Whether anything was written; until then what is replaced stays as it was.
    private var hasBegun = false

    /// So much waits at most for its cluster's end.
    private static let pendingLimit = 8 << 20

    /// Makes the file; one that is replaced keeps what it has until the first bytes are written.
    ///
    /// Throws `exists` where there is one, unless it may be replaced, and `notWritable`.
    init(_ path: String, overwrites: Bool) throws(RecordingError) {
        self.path = path
        let made = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        isNew = made >= 0
        let replaces = made < 0 && errno == EEXIST && overwrites
        descriptor = replaces ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644) : made
        guard descriptor >= 0 else {
            let code = errno
            guard code != EEXIST else {
                throw RecordingError(
                    .exists, "\(path): is there already; a recording replaces a file only when told to")
            }
            throw Self.failure(path, code, "cannot be made")
        }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw RecordingError(.notWritable, "\(path): is not a file; a recording needs one that can be read back")
        }
        // The kernel lets go of it however this process ends.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw RecordingError(.notWritable, "\(path): is being recorded by another process; name another file")
        }
    }

    deinit {
        // A child that was forked just now may hold the file open until it runs its own program; the lock goes now.
        release()
        close(descriptor)
    }

    /// Nothing more is written: others may replace the file.
    func release() { _ = flock(descriptor, LOCK_UN) }

    /// Takes bytes; false once writing has failed.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard failure == nil else { return false }
        pending.append(contentsOf: bytes)
        if pending.count >= Self.pendingLimit { commit() }
        return failure == nil
    }

    /// Goes on at another place of the file; nil once writing has failed.
    func seek(_ offset: Int64, _ whence: CInt) -> Int64? {
        commit()
        guard failure == nil else { return nil }
        switch whence {
        case SEEK_SET: position = offset
        case SEEK_CUR: position += offset
        case SEEK_END: position = size + offset
        default: return size
        }
        return position
    }

    /// Hands what was taken to the kernel, and remembers that the file is whole up to here.
    func commitCluster() {
        commit()
        if failure == nil { wholeSize = size }
    }

    /// Cuts off what is not whole. Nothing is written after this.
    func cutBack() {
        pending = []
        guard hasBegun else { return }
        if failure == nil { failure = RecordingError(.notWritable, "\(path): the recording has ended") }
        while ftruncate(descriptor, off_t(wholeSize)) < 0, errno == EINTR {}
        _ = sync()
    }

    /// Removes the file, which holds no recording, unless it is another's that is still whole.
    func discard() {
        if isNew || hasBegun { unlink(path) }
        wholeSize = 0
    }

    /// Waits until the disk has what the kernel has; why not, otherwise.
    func sync() -> RecordingError? {
        while fdatasync(descriptor) < 0 {
            let code = errno
            if code != EINTR { return Self.failure(path, code, "cannot be brought to the disk") }
        }
        return nil
    }

    private func commit() {
        guard failure == nil, !pending.isEmpty else { return }
        if !hasBegun {
            while ftruncate(descriptor, 0) < 0 {
                let code = errno
                if code == EINTR { continue }
                failure = Self.failure(path, code, "cannot be emptied")
                return
            }
            hasBegun = true
        }
        var done = 0
        pending.withUnsafeBytes { bytes in
            while done < bytes.count {
                let count = pwrite(
                    descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(position) + done)
                if count > 0 {
                    done += count
                } else if count == 0 || errno != EINTR {
                    failure = Self.failure(path, count == 0 ? ENOSPC : errno, "cannot be written on")
                    return
                }
            }
        }
        position += Int64(done)
        size = max(size, position)
        pending.removeAll(keepingCapacity: true)
    }

    private static func failure(_ path: String, _ code: CInt, _ what: String) -> RecordingError {
        let hint =
            switch code {
            case ENOSPC, EDQUOT: "; make room, or record elsewhere"
            case EFBIG: "; this file may not grow more (see `ulimit -f`)"
            case ENOENT: "; make its folder first"
            case EACCES, EROFS, EPERM: "; choose a folder you may write to"
            default: ""
            }
        return RecordingError(
            .notWritable, "\(path): \(what): \(String(cString: strerror(code)).lowercased())\(hint)")
    }
}
