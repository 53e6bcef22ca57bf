import Glibc

/// The few things asked of the file system, with its own words when it refuses.
enum FileSystem {
    enum Kind { case file(size: Int), folder, other }

    static func kind(of path: String) throws(RecordingError) -> Kind {
        var info = stat()
        guard stat(path, &info) == 0 else { throw failure(path, errno) }
        switch info.st_mode & S_IFMT {
        case S_IFREG:
            guard access(path, R_OK) == 0 else { throw failure(path, errno) }
            return .file(size: Int(info.st_size))
        case S_IFDIR: return .folder
        default: return .other
        }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The names in a folder, sorted, hidden ones left out.
    static func names(in folder: String) throws(RecordingError) -> [String] {
        guard let directory = opendir(folder) else { throw failure(folder, errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// All bytes of a file of at most `limit` bytes.
    static func read(_ path: String, limit: Int) throws(RecordingError) -> FileBytes {
        // A pipe or a device would block here before it can be told apart.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw failure(path, errno) }
        guard info.st_mode & S_IFMT == S_IFREG else { throw RecordingError(.unreadable, "\(path): is not a file") }
        let size = Int(info.st_size)
        guard size <= limit else {
            throw RecordingError(.unreadable, "\(path): has \(size) bytes; at most \(limit) are read")
        }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        var count = 0
        while count < size {
            let result = Glibc.read(descriptor, memory.baseAddress.map { $0 + count }, size - count)
            if result < 0 && errno == EINTR { continue }
            if result < 0 {
                let code = errno
                memory.deallocate()
                throw failure(path, code)
            }
            if result == 0 { break }
            count += result
        }
        return FileBytes(memory, count: count)
    }

    private static func failure(_ path: String, _ code: Int32) -> RecordingError {
        let reason = String(cString: strerror(code))
        return RecordingError(
            code == ENOENT || code == ENOTDIR ? .notFound : .unreadable, "\(path): \(reason.lowercased())")
    }
}

/// The bytes of a file, which a frame may lie over.
final class FileBytes: @unchecked Sendable {  // Nobody writes the memory after `init`, and it goes with the object.
    let bytes: UnsafeRawBufferPointer
    private let memory: UnsafeMutableRawBufferPointer

    /// Takes the memory over; the first `count` bytes are the file's.
    init(_ memory: UnsafeMutableRawBufferPointer, count: Int) {
        self.memory = memory
        bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[..<count])
    }

    deinit { memory.deallocate() }
}
