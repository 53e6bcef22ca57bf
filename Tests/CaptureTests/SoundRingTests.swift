import Glibc
import Media
import Testing

@testable import Capture

struct SoundRingTests {
    private func entry(_ position: Int64) -> SoundRing.Entry {
        SoundRing.Entry(kind: .sound, position: position, frames: 1, time: MonotonicTime(nanoseconds: position))
    }

    @Test func `A ring gives back what it took, in order`() {
        let ring = SoundRing(slotCount: 3, slotByteCount: 8)
        for round in 0..<10 {
            #expect(ring.freeSlots == 3)
            for number in 0..<3 {
                ring.nextSlot.storeBytes(of: Int64(round * 3 + number), as: Int64.self)
                ring.publish(entry(Int64(round * 3 + number)))
            }
            #expect(ring.freeSlots == 0)
            for number in 0..<3 {
                let taken = ring.take { ($0.position, $1.load(as: Int64.self)) }
                #expect(taken?.0 == Int64(round * 3 + number) && taken?.1 == Int64(round * 3 + number))
            }
            #expect(ring.take { entry, _ in entry.position } == nil)
        }
    }

    @Test func `Between two threads nothing is lost, doubled or torn`() throws {
        let ring = SoundRing(slotCount: 16, slotByteCount: 64)
        let count = 200_000
        let writer = try CaptureThread(name: "ring-writer") {
            var number = 0
            while number < count {
                guard ring.freeSlots > 0 else {
                    sched_yield()
                    continue
                }
                for word in 0..<8 { ring.nextSlot.storeBytes(of: number, toByteOffset: word * 8, as: Int.self) }
                ring.publish(
                    SoundRing.Entry(
                        kind: .sound, position: Int64(number), frames: 1, time: MonotonicTime(nanoseconds: 0)))
                number += 1
            }
        }
        var expected = 0
        var wrong = 0
        while expected < count {
            let taken: Void? = ring.take { entry, bytes in
                if entry.position != expected { wrong += 1 }
                for word in 0..<8 where bytes.load(fromByteOffset: word * 8, as: Int.self) != expected { wrong += 1 }
                expected += 1
            }
            // On one processor the other side waits for this one.
            if taken == nil { sched_yield() }
        }
        writer.join()
        #expect(wrong == 0)
        #expect(ring.freeSlots == 16)
    }
}
