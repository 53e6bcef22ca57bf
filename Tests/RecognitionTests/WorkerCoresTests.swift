import CProcess
import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Recognition

struct WorkerCoresTests {
    private static func cores(_ mask: [UInt]) -> [Int] {
        (0..<mask.count * UInt.bitWidth).filter { mask[$0 / UInt.bitWidth] >> ($0 % UInt.bitWidth) & 1 == 1 }
    }

    @Test func `Threads share out the cores that are left, without the caller's`() {
        let masks = WorkerCores.masks(among: [0b1111_0110], without: 4, count: 2).map(Self.cores)
        #expect(masks == [[1, 5, 7], [2, 6]])
    }

    @Test func `Where there are fewer cores than threads each may use all but the caller's`() {
        let masks = WorkerCores.masks(among: [0b111], without: 0, count: 3).map(Self.cores)
        #expect(masks == [[1, 2], [1, 2], [1, 2]])
    }

    @Test func `Where the caller has the only core nothing is asked of the kernel`() {
        #expect(WorkerCores.masks(among: [0b1], without: 0, count: 1).isEmpty)
    }

    @Test func `A session's thread is kept off the core of who runs it`() throws {
        var allowed = [UInt](repeating: 0, count: 16)
        try #require(heed_get_affinity(&allowed, 128) > 0)
        guard Self.cores(allowed).count > 1 else {
            print("SKIPPED: threads are not kept apart on a machine with one core")
            return
        }
        final class Worker: Sendable {
            let mayLook = DispatchSemaphore(value: 0)
            let found = Mutex([UInt](repeating: 0, count: 16))
        }
        let worker = Worker()
        let cores = WorkerCores()
        let starter = try #require(ThreadStarter.shared)
        let thread = starter.start(
            { argument in
                guard let argument else { return }
                let worker = Unmanaged<Worker>.fromOpaque(argument).takeUnretainedValue()
                worker.mayLook.wait()
                worker.found.withLock { _ = heed_get_affinity(&$0, 128) }
            }, Unmanaged.passUnretained(worker).toOpaque(), cores)
        try #require(thread != nil)
        while cores.count == 0 { sched_yield() }
        // The caller may be moved in between; then it asks anew.
        var own: Int32
        repeat {
            own = heed_current_core()
            cores.part()
        } while own != heed_current_core()
        worker.mayLook.signal()
        ThreadStarter.join(thread)
        let found = Self.cores(worker.found.withLock(\.self))
        #expect(!found.isEmpty && !found.contains(Int(own)))
    }
}
