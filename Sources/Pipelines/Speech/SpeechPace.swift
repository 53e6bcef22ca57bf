import Foundation
import Media
import Units

/// What the recognising thread tells the listening one, so that it knows when to ask for the next words.
///
/// A few words behind a lock; nothing slow happens under it.
final class SpeechPace: @unchecked Sendable {  // Every access to the mutable state below holds `condition`.
    /// What the listener goes by.
    struct State {
        /// Tasks that wait or are being decoded.
        var pending = 0
        /// Where the next window may begin: what lies before is settled.
        var windowStart = Duration.zero
        /// How long a partial decode is expected to take.
        var decodeTime = Duration.zero
        /// The new sound that the next partial decode waits for.
        var hop = Duration.zero
        /// Whether partial captions come less often.
        var isStretched = false
        /// Whether there are no partial captions at all.
        var isFinalOnly = false
    }

    private let condition = NSCondition()
    private var values = State()

    /// The present state.
    var state: State { condition.withLock { values } }

    /// Changes the state.
    func update(_ change: (inout State) -> Void) {
        condition.withLock {
            change(&values)
            condition.broadcast()
        }
    }

    /// Waits until nothing is pending, or until `isOver`.
    func waitUntilIdle(orUntil isOver: () -> Bool) {
        // `isOver` may take a lock of its own, so it is not asked under this one.
        while !isOver() {
            let isIdle = condition.withLock {
                if values.pending > 0 { _ = condition.wait(until: Date(timeIntervalSinceNow: 0.05)) }
                return values.pending == 0
            }
            if isIdle { return }
        }
    }
}
