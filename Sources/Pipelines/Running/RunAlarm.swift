import Capture
import Foundation
import Media
import Recognition
import Units

/// Presses a run's brake at a moment, unless it is called off before; a thread of its own waits for the moment.
final class RunAlarm: Sendable {
    /// What the thread and the owner share; the thread outlives the owner by a moment.
    private final class State: @unchecked Sendable {
        // Sendable: `pending` and `isEnding` are touched with `bell` locked.
        let bell = NSCondition()
        var pending: (moment: MonotonicTime, brake: RunBrake)?
        var isEnding = false

        func watch() {
            bell.lock()
            defer { bell.unlock() }
            while !isEnding {
                guard let (moment, brake) = pending else {
                    bell.wait()
                    continue
                }
                let left = moment - .now()
                if left > .zero {
                    _ = bell.wait(until: Date(timeIntervalSinceNow: left.seconds))
                } else {
                    // With the lock held: what is called off is not pressed any more.
                    brake.press()
                    pending = nil
                }
            }
        }
    }

    private let state = State()

    /// Starts the thread.
    init() {
        let thread = Thread { [state] in
            // It must have its turn while all cores infer.
            ThreadPriority.feeding.apply()
            state.watch()
        }
        thread.name = "heed-alarm"
        thread.stackSize = 1 << 20
        thread.start()
    }

    deinit {
        state.bell.withLock {
            state.isEnding = true
            state.bell.signal()
        }
    }

    /// Presses the brake at `moment`, which may have passed; calls off what was set before.
    func set(_ brake: RunBrake, at moment: MonotonicTime) {
        guard moment > .now() else {
            callOff()
            return brake.press()
        }
        state.bell.withLock {
            state.pending = (moment, brake)
            state.bell.signal()
        }
    }

    /// Calls it off: once this returns no brake is pressed.
    func callOff() { state.bell.withLock { state.pending = nil } }
}
