import Foundation
import Glibc
import Synchronization
import Testing

@testable import Recognition

struct ThreadStarterTests {
    private static var nice: Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }

    @Test func `A thread that a yielding thread asks for does not yield itself`() throws {
        let starter = try #require(ThreadStarter.shared)
        let usual = Self.nice
        let asking = Mutex<Int32?>(nil)
        let asked = Mutex<Int32?>(nil)
        let isDone = DispatchSemaphore(value: 0)
        let thread = Thread {
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, min(usual + 10, 19))
            asking.withLock { $0 = Self.nice }
            let found = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
            found.initialize(to: 99)
            let other = starter.start(
                { $0?.assumingMemoryBound(to: Int32.self).pointee = ThreadStarterTests.nice }, found)
            ThreadStarter.join(other)
            asked.withLock { $0 = found.pointee }
            found.deallocate()
            isDone.signal()
        }
        thread.start()
        #expect(isDone.wait(timeout: .now() + 20) == .success)
        #expect(asking.withLock(\.self) == min(usual + 10, 19))
        #expect(asked.withLock(\.self) == usual)
    }
}
