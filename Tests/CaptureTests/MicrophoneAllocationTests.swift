import CAllocationCount
import Glibc
import Synchronization
import Testing

@testable import Capture

/// Counts what the thread of a microphone allocates.
enum CaptureAllocations {
    /// The allocations of the capturing thread, from its start to its end, while so many periods of sound or
    /// gaps are taken. One of them is the count's own, to show that it works.
    ///
    /// The reader stands still by turns, so that the ring fills up and gaps are told too.
    static func count(on device: String, backlog: Duration, entries: Int) throws -> UInt64 {
        let configuration = MicrophoneConfiguration(device: device, rate: 16_000, backlog: backlog)
        let (stream, setting) = try OpenMicrophone.open(configuration)
        let loop = try MicrophoneLoop(configuration, stream: stream, setting: setting)
        let result = Result()
        let thread = try CaptureThread(name: "heed-microphone") {
            let before = allocation_count()
            free(malloc(1))
            loop.run()
            result.count.store(allocation_count() - before, ordering: .relaxed)
        }
        var taken = 0
        while taken < entries {
            if loop.ring.take({ _, _ in true }) != nil { taken += 1 } else { usleep(1_000) }
            if taken % 100 == 99 { usleep(300_000) }
        }
        loop.stopping.ring()
        thread.join()
        return result.count.load(ordering: .relaxed)
    }

    private final class Result: Sendable {
        let count = Atomic<UInt64>(0)
    }
}

struct MicrophoneAllocationTests {
    /// alsa-lib's device without a card: silence, as fast as it is read.
    @Test func `Once it runs the capturing thread allocates nothing`() throws {
        // What is made once in a process is made now.
        _ = try CaptureAllocations.count(on: "null", backlog: .seconds(2), entries: 10)
        let short = try CaptureAllocations.count(on: "null", backlog: .seconds(2), entries: 10)
        let long = try CaptureAllocations.count(on: "null", backlog: .seconds(2), entries: 2_000)
        #expect(short > 0, "the count does not work")
        #expect(short == long)
    }
}
