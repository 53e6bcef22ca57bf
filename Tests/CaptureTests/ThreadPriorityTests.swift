import Glibc
import Synchronization
import Testing

@testable import Capture

/// What becomes of a thread that wishes for a priority.
struct ThreadPriorityTests {
    /// What `wish` says it came to on a thread of its own, and the nice value that the kernel then names.
    private func apply(_ wish: ThreadPriority) throws -> (said: ThreadPriority, nice: Int32) {
        let result = Mutex<(ThreadPriority, Int32)?>(nil)
        let thread = try CaptureThread(name: "test") {
            let said = wish.apply()
            let nice = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
            result.withLock { $0 = (said, nice) }
        }
        thread.join()
        return try #require(result.withLock { $0 })
    }

    @Test(arguments: [3, 12]) func theNiceValueIsTheOneWishedFor(_ value: Int) throws {
        // Anybody may be nicer.
        let own = Int(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0))
        let wish = ThreadPriority.nice(own + value > 19 ? 19 : own + value)
        let (said, nice) = try apply(wish)
        #expect(said == wish)
        #expect(said == .nice(Int(nice)))
    }

    @Test func aWishThatIsNotGrantedIsSaidToBeNone() throws {
        let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        let (said, nice) = try apply(.feeding)
        #expect(said == .nice(-11) ? nice == -11 : said == .ordinary && nice == own)
    }
}
