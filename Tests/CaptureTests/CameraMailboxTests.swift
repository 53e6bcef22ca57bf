import Media
import Synchronization
import Testing

@testable import Capture

/// What the capture thread leaves, where old streams' memory goes with it.
struct CameraMailboxTests {
    /// Posts a frame of a stream that has ended since, then something else; tells how often the ended stream's memory
    /// was given up meanwhile. Giving it up takes the mailbox's lock, which must not be held then.
    private func unmappings(
        keeping: FrameKeeping, capacity: Int, then next: (StopSignal) throws -> CameraMailbox.Entry
    ) throws -> (count: Int, mailbox: CameraMailbox) {
        let stopSignal = try StopSignal()
        let mailbox = try CameraMailbox(keeping: keeping, capacity: capacity)
        let count = Atomic(0)
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 32, alignment: 16)
        let shape = try MemoryPort([], buffers: 0, stop: stopSignal).shape
        mailbox.post(
            frame(
                0,
                CameraMemory(shape: shape, mapped: [bytes], poolCount: 0, bell: stopSignal.bell) { bytes in
                    mailbox.end()
                    count.add(1, ordering: .relaxed)
                    bytes.deallocate()
                }))
        mailbox.post(try next(stopSignal))
        return (count.load(ordering: .relaxed), mailbox)
    }

    private func frame(_ number: Int, _ memory: CameraMemory) -> CameraMailbox.Entry {
        .frame(
            CameraMailbox.Held(
                memory: memory, slot: 0, offset: 0, byteCount: 32, number: number, captured: .now(), quality: .device,
                arrived: .now()))
    }

    @Test func anOldStreamsMemoryIsGivenUpOutsideTheLockWhenANewStreamsFrameComes() throws {
        let (count, mailbox) = try unmappings(keeping: .newest, capacity: 4) { stopSignal in
            let port = try MemoryPort([], buffers: 1, stop: stopSignal)
            return frame(1, port.memory(pool: 0, bell: stopSignal.bell))
        }
        #expect(count == 1)
        guard case .missing(.superseded(number: 0, _))? = try mailbox.next(until: .now()),
            case .frame(let newer)? = try mailbox.next(until: .now())
        else {
            Issue.record("what was posted is not there")
            return
        }
        #expect(newer.number == 1)
    }

    @Test func anOldStreamsMemoryIsGivenUpOutsideTheLockWhenThereIsNoRoom() throws {
        let (count, mailbox) = try unmappings(keeping: .all, capacity: 1) { _ in
            .event(.missing(.lost(first: 1, count: 1, .driver)))
        }
        #expect(count == 1)
        guard case .missing(.uncounted(superseded: 1, damaged: 0, lost: 0))? = try mailbox.next(until: .now()) else {
            Issue.record("the frame is not counted")
            return
        }
    }
}
