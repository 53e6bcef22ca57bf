/// Keeps the books of a stream's buffers: which the driver fills, which are lent, which of the pool are free.
///
/// Slots are numbered through: first the driver's mapped buffers, then those of the pool. A pure value; sets of slots
/// are bits of a word, so that nothing is allocated.
struct BufferBook: Hashable, Sendable {
    /// Where a frame's bytes are to stay.
    enum Placement: Hashable {
        /// In the driver's buffer, which is lent.
        case lease
        /// In this slot of the pool, to which they must be copied; the driver's buffer goes back at once.
        case copy(slot: Int)
        /// Nowhere: all memory is lent. The driver's buffer goes back at once.
        case none
    }

    /// The most slots of both kinds together.
    static let limit = 64
    /// The driver's buffers that must stay queued for another to be lent, so that frames go on being captured.
    static let leastQueued = 2

    /// The driver's buffers that it fills now.
    private(set) var queued: UInt64 = 0
    /// The slots that are lent.
    private(set) var lent: UInt64 = 0
    /// The driver's buffers that were dequeued and of which nothing is decided yet.
    private var inHand: UInt64 = 0
    private let mapped: UInt64
    private let pool: UInt64

    /// Makes the books of `mapped` buffers, none of them queued yet, and a pool of `pool`.
    init(mapped: Int, pool: Int) {
        precondition(mapped > 0 && pool >= 0 && mapped + pool <= Self.limit, "slots are bits of one word")
        self.mapped = Self.bits(0..<mapped)
        self.pool = Self.bits(mapped..<mapped + pool)
    }

    /// The driver's buffers that neither it nor anyone else has.
    var idle: UInt64 { mapped & ~queued & ~lent & ~inHand }

    /// Notes that the driver has buffer `index`.
    mutating func queue(_ index: Int) {
        inHand &= ~(1 << index)
        queued |= 1 << index
    }

    /// Notes that buffer `index` came from the driver; false for one that it cannot have had.
    mutating func dequeue(_ index: Int) -> Bool {
        guard index >= 0, index < Self.limit, queued & 1 << index != 0 else { return false }
        queued &= ~(1 << index)
        inHand |= 1 << index
        return true
    }

    /// Finds a place for a frame in the dequeued buffer `index` and notes it as lent; unless it is a lease, the buffer
    /// is then to be queued.
    mutating func place(_ index: Int) -> Placement {
        if queued.nonzeroBitCount >= Self.leastQueued {
            inHand &= ~(1 << index)
            lent |= 1 << index
            return .lease
        }
        let free = pool & ~lent
        guard free != 0 else { return .none }
        let slot = free.trailingZeroBitCount
        lent |= 1 << slot
        return .copy(slot: slot)
    }

    /// Notes what came back.
    mutating func giveBack(_ slots: UInt64) { lent &= ~slots }

    /// Notes that the stream was switched off: the driver has nothing any more.
    mutating func stopped() {
        queued = 0
        inHand = 0
    }

    private static func bits(_ range: Range<Int>) -> UInt64 { range.reduce(0) { $0 | 1 << $1 } }
}
