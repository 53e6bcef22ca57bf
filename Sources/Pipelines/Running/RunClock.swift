import Foundation
import Media
import Units

/// The time that a run goes by, and the threads that share it.
enum RunClock: Sendable {
    /// The kernel's `CLOCK_MONOTONIC`; threads run side by side.
    case monotonic
    /// A simulated one; threads take turns.
    case virtual(VirtualClock)

    /// The present moment; neither locks nor allocates.
    func now() -> MonotonicTime {
        switch self {
        case .monotonic: .now()
        case .virtual(let clock): clock.now()
        }
    }

    /// Blocks the calling thread until `moment`; returns at once, or with the next turn, when it has passed.
    func sleep(until moment: MonotonicTime) {
        switch self {
        case .monotonic: moment.sleep()
        case .virtual(let clock): clock.sleep(until: moment)
        }
    }

    /// Makes the calling thread one of the run's, until it leaves.
    func enter() {
        if case .virtual(let clock) = self { clock.enter(clock.join()) }
    }

    /// The calling thread waits on this clock no more.
    func leave() {
        if case .virtual(let clock) = self { clock.leave() }
    }

    /// Starts a thread of the run; the order of the calls is that of the threads.
    func startThread(named name: String, stackSize: Int, _ body: @escaping @Sendable () -> Void) {
        let thread: Thread
        switch self {
        case .monotonic: thread = Thread(block: body)
        case .virtual(let clock):
            let place = clock.join()
            thread = Thread {
                clock.enter(place)
                body()
                clock.leave()
            }
        }
        thread.name = name
        thread.stackSize = stackSize
        thread.start()
    }
}

/// A lock with a bell: `NSCondition`, whose waits take a run's time.
///
/// On a virtual clock all conditions share the clock's lock, so that nothing can change between a look at what it
/// guards and the wait for a change.
struct RunCondition {
    private let condition: NSCondition
    private let clock: VirtualClock?

    init(_ clock: RunClock) {
        switch clock {
        case .monotonic: (condition, self.clock) = (NSCondition(), nil)
        case .virtual(let clock): (condition, self.clock) = (clock.lock, clock)
        }
    }

    func lock() { condition.lock() }
    func unlock() { condition.unlock() }
    func withLock<Value>(_ body: () throws -> Value) rethrows -> Value { try condition.withLock(body) }

    /// Gives the lock back until somebody broadcasts; may return earlier.
    func wait() {
        if let clock { clock.waitForNews() } else { condition.wait() }
    }

    /// Gives the lock back until somebody broadcasts, or `moment` has come; may return earlier.
    func wait(until moment: MonotonicTime) {
        if let clock { return clock.waitForNews(until: moment) }
        let left = moment - .now()
        // In short waits, since Foundation counts by the wall clock, which somebody may set back.
        if left > .zero { _ = condition.wait(until: Date(timeIntervalSinceNow: min(left.seconds, 0.05))) }
    }

    /// Wakes all who wait; the lock is held.
    func broadcast() {
        if let clock { clock.tell() } else { condition.broadcast() }
    }
}
