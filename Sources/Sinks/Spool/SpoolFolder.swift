import Foundation
import Glibc

/// The files of a spool: numbered segments, the place up to which they were sent, and a lock.
///
/// Nothing here throws once it is open: a disk that fails costs room, not the run.
final class SpoolFolder {
    let path: String
    private let lock: CInt
    private let position: CInt

    /// Makes the folder where there is none, and holds it until it is let go of.
    ///
    /// - Throws: `SinksError` with `badSpool` where it cannot be used, or is in use.
    init(_ path: String) throws(SinksError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw SinksError(
                .badSpool, "\(path): cannot be made a folder for what waits: \(error.localizedDescription)")
        }
        let flags = O_RDWR | O_CREAT | O_CLOEXEC
        lock = open(path + "/lock", flags, 0o600)
        position = open(path + "/position", flags, 0o600)
        guard lock >= 0, position >= 0 else {
            let reason = words(of: errno)
            close(lock)
            close(position)
            throw SinksError(.badSpool, "\(path): what waits cannot be written here: \(reason)")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            close(position)
            throw SinksError(
                .badSpool, "\(path): another heed is using this folder; give one of the sinks another `spool.path`")
        }
    }

    deinit {
        // A program that is being started holds a copy of the descriptor for a moment: closing ours would not unlock.
        flock(lock, LOCK_UN)
        close(lock)
        close(position)
    }

    /// The numbers of the segments, lowest first.
    func segments() -> [UInt64] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.compactMap { $0.hasSuffix(".spool") ? UInt64($0.dropLast(6)) : nil }.sorted()
    }

    func read(_ segment: UInt64) -> [UInt8] {
        FileManager.default.contents(atPath: file(segment)).map { Array($0) } ?? []
    }

    /// Opens a segment for appending; a new one is known to the disk afterwards.
    func openForAppending(_ segment: UInt64) -> CInt {
        let descriptor = open(file(segment), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
        return descriptor
    }

    func remove(_ segment: UInt64) { unlink(file(segment)) }

    func cut(_ segment: UInt64, to size: Int) { truncate(file(segment), off_t(size)) }

    /// Where the messages that are still to be sent begin: a segment, and a place in it.
    var place: (segment: UInt64, offset: UInt64)? {
        get {
            var numbers: [UInt64] = [0, 0]
            let count = numbers.withUnsafeMutableBytes { pread(position, $0.baseAddress, $0.count, 0) }
            return count == 16 ? (UInt64(littleEndian: numbers[0]), UInt64(littleEndian: numbers[1])) : nil
        }
        set {
            guard let newValue else { return }
            let numbers = [newValue.segment.littleEndian, newValue.offset.littleEndian]
            _ = numbers.withUnsafeBytes { pwrite(position, $0.baseAddress, $0.count, 0) }
        }
    }

    private func file(_ segment: UInt64) -> String {
        let number = String(segment)
        return "\(path)/\(String(repeating: "0", count: max(0, 12 - number.count)))\(number).spool"
    }
}
