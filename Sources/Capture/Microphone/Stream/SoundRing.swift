import Glibc
import Media
import Synchronization

/// Carries sound from the thread that captures it to the one that uses it, without a lock and without allocation.
///
/// One thread writes, one reads. Each of the ring's slots holds up to a period of sound, or a gap. A full ring refuses:
/// what is lost then is for the writer to count.
final class SoundRing: @unchecked Sendable {
    // Only the writer moves `written`, and only the reader `read`; a slot belongs to the writer until `written` has
    // passed it (releasing), and to the reader until `read` has (releasing). The memory lives as long as the ring.

    /// What a slot holds. Without references, so that copying it counts none.
    struct Entry {
        enum Kind {
            case sound
            case gap(SoundGap.Reason)
        }

        var kind: Kind
        var position: Int64
        var frames: Int64
        var time: MonotonicTime
        var duration = Duration.zero
        var quality = TimeQuality.device
        var rate = 0.0
    }

    /// The most sound that a slot holds.
    let slotByteCount: Int
    private let slotCount: Int
    private let entries: UnsafeMutablePointer<Entry>
    private let byteCount: Int
    private let bytes: UnsafeMutableRawPointer
    private let written = Atomic<Int>(0)
    private let read = Atomic<Int>(0)

    init(slotCount: Int, slotByteCount: Int) {
        precondition(slotCount > 0 && slotByteCount > 0, "a ring has room")
        self.slotCount = slotCount
        self.slotByteCount = slotByteCount
        entries = .allocate(capacity: slotCount)
        entries.initialize(
            repeating: Entry(kind: .sound, position: 0, frames: 0, time: MonotonicTime(nanoseconds: 0)),
            count: slotCount)
        byteCount = slotCount * slotByteCount
        bytes = .allocate(byteCount: byteCount, alignment: 64)
        // Each page is there before capture begins, and stays where that is allowed.
        memset(bytes, 0, byteCount)
        _ = mlock(bytes, byteCount)
    }

    deinit {
        _ = munlock(bytes, byteCount)
        bytes.deallocate()
        entries.deinitialize(count: slotCount)
        entries.deallocate()
    }

    /// How many slots are free; the writer's to ask.
    var freeSlots: Int { slotCount - (written.load(ordering: .relaxed) - read.load(ordering: .acquiring)) }

    /// The memory of the next slot to write; the writer's, until it publishes. Wants a free slot.
    var nextSlot: UnsafeMutableRawPointer { slot(written.load(ordering: .relaxed)) }

    /// Hands the next slot to the reader. Wants a free slot.
    func publish(_ entry: Entry) {
        let number = written.load(ordering: .relaxed)
        entries[number % slotCount] = entry
        written.store(number + 1, ordering: .releasing)
    }

    /// Takes the oldest slot, whose bytes are valid during `use` only; nil when there is none.
    func take<Value>(_ use: (Entry, UnsafeRawPointer) throws -> Value) rethrows -> Value? {
        let number = read.load(ordering: .relaxed)
        guard number < written.load(ordering: .acquiring) else { return nil }
        defer { read.store(number + 1, ordering: .releasing) }
        return try use(entries[number % slotCount], slot(number))
    }

    private func slot(_ number: Int) -> UnsafeMutableRawPointer {
        bytes + number % slotCount * slotByteCount
    }
}
