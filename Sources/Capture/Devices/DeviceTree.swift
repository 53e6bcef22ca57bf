import Glibc

/// The folders in which the kernel shows devices and processes.
///
/// They are parameters so that tests can read a copied tree.
public struct DeviceTree: Hashable, Sendable {
    /// Before each of the paths below; empty for the machine's own.
    public let root: String

    /// Makes a tree under `root`.
    public init(root: String = "") { self.root = root }

    /// The path to open for one that the user sees.
    func path(_ path: String) -> String { root + path }

    /// The names in a folder, sorted; empty where it cannot be read.
    func names(in folder: String) -> [String] {
        guard let stream = opendir(path(folder)) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Whether there is something at a path.
    func exists(_ path: String) -> Bool { access(self.path(path), F_OK) == 0 }

    /// What a link says; nil where there is none or it may not be read.
    func link(_ path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { bytes in
            guard let start = bytes.baseAddress else { return nil }
            let count = readlink(self.path(path), start, bytes.count)
            guard count >= 0 else { return nil }
            return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
        }
    }

    /// Whether this process may read and write what is at a path.
    func mayUse(_ path: String) -> Bool { faccessat(AT_FDCWD, self.path(path), R_OK | W_OK, AT_EACCESS) == 0 }

    /// The first 64 KiB of a text file, without the line break at its end; nil where it cannot be read.
    func text(_ path: String) -> String? {
        guard let file = try? Kernel.open(self.path(path), O_RDONLY) else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        var length = 0
        while length < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                read(file, $0.baseAddress.map { $0 + length }, $0.count - length)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0 { return nil }
            if count == 0 { break }
            length += count
        }
        var text = String(decoding: bytes[..<length], as: UTF8.self)
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }
}
