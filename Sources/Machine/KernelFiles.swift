import Glibc

/// Reads the small files in which the kernel describes the machine.
///
/// The root is a parameter so that tests can read a copied tree.
struct KernelFiles {
    /// The folder that holds `proc` and `sys`; empty for the machine's own.
    var root = ""

    /// The contents of a file, read at once: such a file has no size and may change between reads.
    func read(_ path: String) throws(MachineError) -> String {
        let path = root + path
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Self.unreadable(path) }
        defer { close(file) }
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.unreadable(path)
            }
            contents += chunk[..<count]
        }
        return String(decoding: contents, as: UTF8.self)
    }

    /// The contents of a file that not every machine has; nil when there is none.
    func readIfPresent(_ path: String) -> String? { try? read(path) }

    /// The names in a folder, shorter ones first, so that 2 comes before 10; empty where it cannot be read.
    func names(in folder: String) -> [String] {
        guard let stream = opendir(root + folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { ($0.count, $0) < ($1.count, $1) }
    }

    private static func unreadable(_ path: String) -> MachineError {
        MachineError(
            .unreadable,
            "\(path): cannot be read: \(String(cString: strerror(errno))). Mount /proc and /sys if need be.")
    }
}

extension StringProtocol {
    /// The text without blanks at its ends.
    var trimmed: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }

    /// The text's lines of `key : value`, both trimmed, in order.
    func keyedLines() -> [(key: String, value: String)] {
        split(separator: "\n").compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].trimmed, line[line.index(after: colon)...].trimmed)
        }
    }
}
