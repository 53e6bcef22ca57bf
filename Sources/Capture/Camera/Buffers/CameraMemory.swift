import Glibc
import Media
import Synchronization

/// The memory of one stream: the driver's mapped buffers and a pool of copies.
///
/// It lives until the last frame in it has gone, however long the stream has ended by then: a mapping is never taken
/// from under a lease.
final class CameraMemory: @unchecked Sendable {
    /// What was in a slot.
    enum Taken {
        case frame(Frame)
        case damaged(FrameDamage)
    }

    // `slots` never changes. The bytes of a slot are written by the driver, or by the capture thread's copy, only while
    // the books have it as not lent; the way back passes `returned`, released by the lease and acquired by the thread.

    /// What all frames in this memory have in common.
    let shape: FrameShape
    /// The driver's buffers among the slots; they come first.
    let mappedCount: Int
    /// The slots of the pool.
    let poolCount: Int
    private let slots: [UnsafeMutableRawBufferPointer]
    private let unmap: @Sendable (UnsafeMutableRawBufferPointer) -> Void
    /// For the thread that takes frames.
    private let converter: PictureConverter?
    private let bell: Bell
    private let returned = Atomic<UInt64>(0)

    /// Takes over the driver's mapped buffers, which `unmap` gives up in the end, and makes a pool of `poolCount`
    /// whose pages are all touched. A shape whose pictures are converted needs the `converter`. `bell` rings when a
    /// mapped buffer comes back.
    init(
        shape: FrameShape, mapped: [UnsafeMutableRawBufferPointer], poolCount: Int,
        converter: PictureConverter? = nil, bell: Bell,
        unmap: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void
    ) {
        self.shape = shape
        mappedCount = mapped.count
        self.poolCount = min(poolCount, BufferBook.limit - mapped.count)
        self.converter = converter
        self.bell = bell
        self.unmap = unmap
        let byteCount = mapped.map(\.count).max() ?? 0
        slots =
            mapped
            + (0..<self.poolCount).map { _ in
                let slot = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
                _ = slot.initializeMemory(as: UInt8.self, repeating: 0)
                return slot
            }
    }

    deinit {
        slots[..<mappedCount].forEach(unmap)
        slots[mappedCount...].forEach { $0.deallocate() }
    }

    /// The bytes that a slot holds at most.
    func capacity(of slot: Int) -> Int { slots[slot].count }

    /// Copies a picture from a mapped buffer to the start of a slot of the pool.
    func copy(_ index: Int, offset: Int, byteCount: Int, to slot: Int) {
        slots[slot].copyMemory(from: UnsafeRawBufferPointer(rebasing: slots[index][offset..<offset + byteCount]))
    }

    /// A frame over a slot's bytes; when its last copy goes, the slot comes back.
    ///
    /// A picture that must be converted becomes a frame of its own bytes, or none; then the slot comes back at once.
    func frame(slot: Int, offset: Int, byteCount: Int) -> Taken {
        let bytes = UnsafeMutableRawBufferPointer(rebasing: slots[slot][offset..<offset + byteCount])
        guard shape.isConverted else {
            return .frame(frame(UnsafeRawBufferPointer(bytes), FrameLease(memory: self, slot: slot)))
        }
        defer { giveBack(slot) }
        return switch converter?.convert(bytes) {
        case .picture(let picture, let storage): .frame(frame(picture, storage))
        case .damaged(let damage): .damaged(damage)
        case nil: .damaged(.undecodable)
        }
    }

    private func frame(_ bytes: UnsafeRawBufferPointer, _ storage: any AnyObject & Sendable) -> Frame {
        Frame(
            format: shape.format, width: shape.size.width, height: shape.size.height, color: shape.color,
            planes: shape.planes(bytes), storage: storage)
    }

    /// Gives a slot back; on any thread, never blocks, allocates nothing.
    func giveBack(_ slot: Int) {
        returned.bitwiseOr(1 << UInt64(slot), ordering: .releasing)
        if slot < mappedCount { bell.ring() }
    }

    /// The slots given back since the last call.
    func collect() -> UInt64 { returned.exchange(0, ordering: .acquiring) }
}

/// Keeps a slot of a stream's memory from being filled anew.
private final class FrameLease: Sendable {
    private let memory: CameraMemory
    private let slot: Int

    init(memory: CameraMemory, slot: Int) {
        self.memory = memory
        self.slot = slot
    }

    deinit { memory.giveBack(slot) }
}
