import Glibc

/// One value of the machine's that can be read and set, as text: a file of the kernel's, or a device's limit.
protocol PowerRegister: Sendable {
    /// The file's path below the root, or the device's name: what the state file calls it.
    var target: String { get }

    /// Whether the value can be read at all; else `read` tells what this process has written.
    var isReadable: Bool { get }

    /// The value now.
    func read() throws(MachineError) -> String

    /// Sets the value; some microseconds. The machine may take another one near it: read it back.
    func write(_ text: String) throws(MachineError)
}

extension PowerRegister {
    var isReadable: Bool { true }
}

/// A file of the kernel's, kept open.
final class FileRegister: PowerRegister {
    let target: String
    private let path: String
    private let file: Int32
    /// A file of a copied tree has a length, which one of the kernel's has not.
    private let isCopy: Bool

    /// Opens a file below the root of `files`.
    init(_ target: String, files: KernelFiles) throws(MachineError) {
        self.target = target
        path = files.root + target
        isCopy = !files.root.isEmpty
        file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            let why = String(cString: strerror(errno))
            throw MachineError(.unavailable, "\(path): cannot be opened for writing: \(why)")
        }
    }

    deinit { close(file) }

    func read() throws(MachineError) -> String {
        // No value of these is longer than a line.
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = pread(file, &bytes, bytes.count, 0)
        guard count >= 0 else {
            let why = String(cString: strerror(errno))
            throw MachineError(.unreadable, "\(path): cannot be read: \(why)")
        }
        return String(decoding: bytes[..<count], as: UTF8.self).trimmed
    }

    func write(_ text: String) throws(MachineError) {
        if isCopy {
            var status = stat()
            // A file of the kernel's that is gone can be written to no more.
            guard fstat(file, &status) == 0, status.st_nlink > 0 else {
                throw MachineError(.refused, "\(path): is no longer there")
            }
            _ = ftruncate(file, 0)
        }
        var text = text
        let isWritten = text.withUTF8 { pwrite(file, $0.baseAddress, $0.count, 0) == $0.count }
        guard isWritten else {
            let why = String(cString: strerror(errno))
            throw MachineError(.refused, "\(path): the kernel refused \(text): \(why)")
        }
    }
}
