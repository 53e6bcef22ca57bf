import Glibc

/// Reads the files in which the kernel describes its devices.
///
/// The root is a parameter so that tests can read a copied tree.
struct KernelTree: Sendable {
    /// The folder that holds `proc` and `dev`; empty for the machine's own.
    var root = ""

    /// The contents of a file; nil when it is not there or may not be read.
    func read(_ path: String) -> String? {
        let file = open(root + path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return count < 0 ? nil : String(decoding: contents, as: UTF8.self) }
            contents += chunk[..<count]
        }
    }

    /// The names in a folder, in order; none when it is not there.
    func names(in path: String) -> [String] {
        guard let folder = opendir(root + path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Who owns a file and what they may do with it; nil when it is not there.
    func ownership(of path: String) -> (user: UInt32, group: UInt32, mode: UInt32)? {
        var status = stat()
        guard stat(root + path, &status) == 0 else { return nil }
        return (status.st_uid, status.st_gid, status.st_mode)
    }

    /// Whether this process may read and write a file.
    func mayUse(_ path: String) -> Bool { faccessat(AT_FDCWD, root + path, R_OK | W_OK, AT_EACCESS) == 0 }

    /// The name of a group or a user by number, from `/etc/group` or `/etc/passwd`.
    func name(of number: UInt32, in path: String) -> String? {
        for line in (read(path) ?? "").split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields.count > 2, fields[2] == String(number) { return String(fields[0]) }
        }
        return nil
    }
}
