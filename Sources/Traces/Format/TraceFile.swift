import CZLib
import Glibc

/// An open file, its bytes and its words when the system refuses.
struct TraceFile: ~Copyable {
    /// What a trace begins with; the last character is the version of what follows it.
    static let magic: [UInt8] = Array("heedtrc2".utf8)
    /// What a block begins with.
    static let blockMagic: [UInt8] = Array("hblk".utf8)
    /// Magic, length and CRC of the header.
    static let prefixBytes = 16
    /// Magic, number of the first sample, count of samples, CRC of the columns.
    static let blockHeadBytes = 16

    let path: String
    private let descriptor: Int32

    /// Opens a file.
    /// - Parameter flags: those of `open`.
    init(_ path: String, flags: Int32) throws(TracesError) {
        let opened = open(path, flags | O_CLOEXEC | O_NONBLOCK, 0o644)
        guard opened >= 0 else {
            let code = errno
            let kind: TracesError.Code =
                flags & O_ACCMODE != O_RDONLY
                ? .notWritable : code == ENOENT || code == ENOTDIR ? .notFound : .unreadable
            throw Self.failure(kind, path, code)
        }
        var info = stat()
        guard fstat(opened, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw TracesError(.unreadable, "\(path): is not a file")
        }
        self.path = path
        descriptor = opened
    }

    deinit {
        // A child that was forked just now may hold the file open until it runs its own program; the lock goes now.
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func failure(_ code: TracesError.Code, _ path: String, _ number: Int32) -> TracesError {
        TracesError(code, "\(path): \(String(cString: strerror(number)).lowercased())")
    }

    /// Reads as many bytes as there are, at most as many as `buffer` takes.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(TracesError) -> Int {
        var count = 0
        while count < buffer.count, let base = buffer.baseAddress {
            let result = pread(descriptor, base + count, buffer.count - count, off_t(offset + count))
            if result < 0 && errno == EINTR { continue }
            guard result >= 0 else { throw Self.failure(.unreadable, path, errno) }
            if result == 0 { break }
            count += result
        }
        return count
    }

    /// The bytes from `offset` on, at most `count`.
    func bytes(_ count: Int, at offset: Int) throws(TracesError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: TracesError?
        let got = bytes.withUnsafeMutableBytes { buffer -> Int in
            do throws(TracesError) {
                return try read(into: buffer, at: offset)
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        return Array(bytes.prefix(got))
    }

    /// Writes all bytes.
    func write(_ bytes: [UInt8], at offset: Int) throws(TracesError) {
        var count = 0
        while count < bytes.count {
            let result = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + count }, bytes.count - count, off_t(offset + count))
            }
            if result < 0 && errno == EINTR { continue }
            guard result > 0 else { throw Self.failure(.notWritable, path, errno) }
            count += result
        }
    }

    /// Cuts the file off.
    func truncate(to size: Int) throws(TracesError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw Self.failure(.notWritable, path, errno) }
    }

    /// Waits until the disk has all that was written.
    func synchronize() throws(TracesError) {
        guard fdatasync(descriptor) == 0 else { throw Self.failure(.notWritable, path, errno) }
    }

    /// Refuses a second writer for as long as this one is open.
    func lock() throws(TracesError) {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw TracesError(.notWritable, "\(path): another program writes it")
        }
    }

    /// The CRC-32 that zlib, PNG and Ethernet use.
    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        bytes.withContiguousStorageIfAvailable { UInt32(crc32(0, $0.baseAddress, uInt($0.count))) }
            ?? checksum(Array(bytes))
    }
}

extension [UInt8] {
    /// Appends a number of 32 bits, its lowest byte first.
    mutating func append(littleEndian number: UInt32) {
        for shift in stride(from: 0, to: 32, by: 8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    /// The number of 32 bits at an offset, its lowest byte first.
    func number(at offset: Int) -> UInt32 {
        self[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
