import Foundation
import Glibc

/// A file that messages are appended to, each whole or not at all, so that it can be read at any moment.
public final class FileEnd: FarEnd {
    /// How much of the past is kept.
    public struct Rotation: Sendable, Hashable {
        /// The bytes after which a new file is begun. One message that is larger alone has a file for itself.
        public var size: Int
        /// The files that are kept, the one that is written to included; `PATH.1` is the newest of the others.
        public var files: Int

        /// Makes bounds.
        public init(size: Int, files: Int) {
            self.size = size
            self.files = files
        }
    }

    public let batch = 256
    private let path: String
    private let head: [UInt8]
    private let rotation: Rotation?
    private var descriptor: CInt = -1
    private var length = 0
    private var isDevice = false

    /// Opens the file: with a rotation what is there is kept, but for half a line of a crash; else it is emptied.
    ///
    /// A device is never put aside, and a pipe is refused: who reads it could hold up the end of the run.
    ///
    /// - Parameter head: What a file begins with.
    /// - Throws: `SinksError` with `notWritable`.
    public init(path: String, head: [UInt8] = [], rotation: Rotation? = nil) throws(SinksError) {
        self.path = path
        self.head = head
        self.rotation = rotation
        do {
            try openFile(rotation == nil ? O_TRUNC : 0)
        } catch {
            throw SinksError(.notWritable, "\(path): cannot be written here: \(error.reason)")
        }
    }

    deinit { close() }

    public func open() throws(DeliveryFailure) {
        if descriptor < 0 { try openFile() }
    }

    public func send(_ messages: [Message]) throws(DeliveryFailure) {
        var sent = 0
        do {
            while sent < messages.count {
                var bytes: [UInt8] = []
                var count = 0
                for message in messages[sent...] {
                    if let rotation, length + bytes.count + message.body.count > rotation.size,
                        length + bytes.count > head.count
                    {
                        break
                    }
                    bytes += message.body
                    count += 1
                }
                if count == 0 { try rotate() } else { try append(bytes) }
                sent += count
            }
        } catch {
            throw DeliveryFailure(error.reason, sent: sent)
        }
    }

    public func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    private func openFile(_ flags: CInt = 0) throws(DeliveryFailure) {
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | flags, 0o644)
        guard descriptor >= 0 else { throw DeliveryFailure(words(of: errno)) }
        var status = stat()
        fstat(descriptor, &status)
        isDevice = status.st_mode & S_IFMT == S_IFCHR
        guard isDevice || status.st_mode & S_IFMT == S_IFREG else {
            close()
            throw DeliveryFailure("it is not a regular file; use a `command` sink, or `--results`")
        }
        length = max(0, Int(lseek(descriptor, 0, SEEK_END)))
        if length > 0, rotation != nil { cutHalfLine() }
        if length == 0, !head.isEmpty { try append(head) }
    }

    /// Takes back what follows the last line break.
    private func cutHalfLine() {
        var end = length
        var byte: UInt8 = 0
        while end > 0, pread(descriptor, &byte, 1, off_t(end - 1)) == 1, byte != UInt8(ascii: "\n") { end -= 1 }
        guard end < length, ftruncate(descriptor, off_t(end)) == 0 else { return }
        length = end
    }

    private func append(_ bytes: [UInt8]) throws(DeliveryFailure) {
        if let failure = writeAll(bytes, to: descriptor) {
            ftruncate(descriptor, off_t(length))
            throw DeliveryFailure(words(of: failure))
        }
        length += bytes.count
    }

    /// Begins a new file. Where the old one cannot be put aside, it is left as it is, and what is to be written waits.
    private func rotate() throws(DeliveryFailure) {
        guard !isDevice else { return length = 0 }
        close()
        let kept = max(1, rotation?.files ?? 1)
        // Only those move that have to, so that trying again and again costs no more of the past than once.
        let free = (1..<kept).first { access("\(path).\($0)", F_OK) != 0 } ?? kept - 1
        for number in stride(from: free, to: 0, by: -1) {
            guard rename(number == 1 ? path : "\(path).\(number - 1)", "\(path).\(number)") != 0, errno != ENOENT else {
                continue
            }
            let reason = words(of: errno)
            try openFile()
            throw DeliveryFailure("\(path) cannot be put aside: \(reason)")
        }
        try openFile(kept == 1 ? O_TRUNC : O_EXCL)
    }
}
