import Glibc

/// Why a file or folder cannot be read, in the system's words.
struct FileError: Error {
    var reason: String

    /// The error of the system call that failed just now.
    static func current() -> FileError { FileError(reason: String(cString: strerror(errno))) }
}

/// Reads files and folders with errors that a user understands, which Foundation's are not.
enum FileReading {
    /// Hands the contents of a file to `body`, piece by piece, in order.
    static func forEachChunk(
        of path: String, _ body: (UnsafeRawBufferPointer) throws(FileError) -> Void
    ) throws(FileError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .current() }
        defer { close(file) }
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { chunk.deallocate() }
        while true {
            let count = read(file, chunk.baseAddress, chunk.count)
            if count == 0 { return }
            if count > 0 {
                try body(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
            } else if errno != EINTR {
                throw .current()
            }
        }
    }

    /// The contents of a file.
    static func contents(of path: String) throws(FileError) -> [UInt8] {
        var contents: [UInt8] = []
        try forEachChunk(of: path) { (chunk) throws(FileError) in contents += chunk }
        return contents
    }

    /// The names in a folder that do not begin with a dot, sorted.
    static func names(in path: String) throws(FileError) -> [String] {
        guard let folder = opendir(path) else { throw .current() }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}
