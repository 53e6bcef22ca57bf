import Glibc

/// Messages that wait on disk, in order, until they are sent; they outlive the process.
///
/// A folder of segments: messages are appended to the last and sent from the first, which is removed when all of it was
/// sent. All segments together take at most `limit` bytes. They reach the kernel at once, and the disk within a second:
/// a crash of the process loses none, a power cut those of the last second. After either, some may be sent twice.
public final class Spool {
    /// Where it is.
    public let path: String
    /// The most bytes on disk.
    public let limit: Int
    /// The messages that wait.
    private(set) var count = 0
    /// What a run before left and cannot be read: one for each damaged segment, for nobody knows how many they were.
    private(set) var lostBefore = 0
    /// Why the last message that did not fit did not.
    private(set) var obstacle = ""
    private var wasDamaged = false

    /// How long what was appended may be unknown to the disk.
    static let syncInterval = Duration.seconds(1)

    private struct Segment {
        var number: UInt64
        var size: Int
    }

    private let folder: SpoolFolder
    private let segmentSize: Int
    private var segments: [Segment] = []
    private var tail: CInt = -1
    /// The first segment's bytes, where they were read, and what of them is sent.
    private var head: [UInt8] = []
    private var offset = 0
    private var ends: [Int] = []
    private var unsyncedSince: ContinuousClock.Instant?

    /// Opens a folder, with what waits in it from a run before.
    ///
    /// - Throws: `SinksError` with `badSpool` where it cannot be used, or another process does.
    public init(path: String, limit: Int) throws(SinksError) {
        self.path = path
        self.limit = limit
        segmentSize = max(limit / 16, 4096)
        folder = try SpoolFolder(path)
        recover()
    }

    deinit {
        sync()
        if tail >= 0 { close(tail) }
    }

    var isEmpty: Bool { count == 0 }
    private var size: Int { segments.reduce(0) { $0 + $1.size } }

    /// Appends messages; returns how many of them, from the first on, found room.
    func append(_ messages: [Message]) -> Int {
        for (index, message) in messages.enumerated() {
            let bytes = SpoolRecord.bytes(of: message)
            guard size + bytes.count <= limit else {
                obstacle = "the \(limit >> 10) KiB in \(path) are full"
                return index
            }
            if let failure = write(bytes) {
                obstacle = "\(path): \(words(of: failure))"
                return index
            }
            count += 1
        }
        return messages.count
    }

    /// The oldest messages, at least one where there is one.
    func first(_ wanted: Int) -> [Message] {
        while !isEmpty, let segment = segments.first {
            if head.count < segment.size { head = folder.read(segment.number) }
            var messages: [Message] = []
            ends = []
            var next = offset
            while messages.count < wanted, let (message, end) = SpoolRecord.message(in: head, at: next) {
                messages.append(message)
                ends.append(end)
                next = end
            }
            if !messages.isEmpty { return messages }
            // The disk does not give back what was written: what is behind it may still be read.
            wasDamaged = true
            dropFirstSegment()
            count = segments.isEmpty ? 0 : countAll()
        }
        return []
    }

    /// Takes away the oldest of those that `first` gave last.
    func removeFirst(_ removed: Int) {
        guard removed > 0, let segment = segments.first else { return }
        offset = ends[removed - 1]
        ends.removeFirst(removed)
        count -= removed
        if offset >= segment.size { dropFirstSegment() } else { folder.place = (segment.number, UInt64(offset)) }
    }

    /// Whether a part of what waited could not be read since the last call, and is lost.
    func takeDamage() -> Bool {
        defer { wasDamaged = false }
        return wasDamaged
    }

    /// When `syncIfDue` has something to do; nil when all is on disk.
    var syncDue: ContinuousClock.Instant? { unsyncedSince.map { $0 + Self.syncInterval } }

    /// Sees to it that what was appended is on disk, when that is due.
    func syncIfDue() {
        if let syncDue, syncDue <= .now { sync() }
    }

    /// Sees to it that what was appended is on disk.
    func sync() {
        guard unsyncedSince != nil, tail >= 0 else { return }
        fdatasync(tail)
        unsyncedSince = nil
    }

    private func write(_ bytes: [UInt8]) -> CInt? {
        if tail < 0 || (segments.last?.size ?? 0) >= segmentSize {
            sync()
            if tail >= 0 { close(tail) }
            let number = (segments.last?.number ?? folder.place?.segment ?? 0) + 1
            tail = folder.openForAppending(number)
            guard tail >= 0 else { return errno }
            segments.append(Segment(number: number, size: 0))
        }
        if let failure = writeAll(bytes, to: tail) {
            ftruncate(tail, off_t(segments[segments.count - 1].size))
            return failure
        }
        segments[segments.count - 1].size += bytes.count
        unsyncedSince = unsyncedSince ?? .now
        return nil
    }

    private func dropFirstSegment() {
        let segment = segments.removeFirst()
        if segments.isEmpty, tail >= 0 {
            close(tail)
            tail = -1
            unsyncedSince = nil
        }
        (head, offset, ends) = ([], 0, [])
        folder.place = (segment.number + 1, 0)
        folder.remove(segment.number)
    }

    /// Finds what a run before left. What a crash left half written is cut off.
    private func recover() {
        let place = folder.place
        for number in folder.segments() {
            if let place, number < place.segment {
                folder.remove(number)
                continue
            }
            let bytes = folder.read(number)
            var from = place?.segment == number ? Int(clamping: place?.offset ?? 0) : 0
            // A place that a power cut left wrong costs a repetition, not a loss.
            if from != bytes.count, SpoolRecord.message(in: bytes, at: min(from, bytes.count)) == nil { from = 0 }
            let (found, end) = Self.messages(in: bytes, from: from)
            if end < bytes.count {
                wasDamaged = true
                lostBefore += 1
                folder.cut(number, to: end)
            }
            guard found > 0 else {
                folder.remove(number)
                continue
            }
            if segments.isEmpty { offset = from }
            segments.append(Segment(number: number, size: end))
            count += found
        }
    }

    private func countAll() -> Int {
        segments.reduce(0) { $0 + Self.messages(in: folder.read($1.number), from: 0).count }
    }

    private static func messages(in bytes: [UInt8], from start: Int) -> (count: Int, end: Int) {
        var (count, end) = (0, start)
        while let (_, next) = SpoolRecord.message(in: bytes, at: end) { (count, end) = (count + 1, next) }
        return (count, end)
    }
}
