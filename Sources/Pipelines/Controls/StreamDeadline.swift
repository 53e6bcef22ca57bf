import Synchronization
import Units

/// A stream's deadline from capture to result, which may change while samples come; from any thread, without a lock.
///
/// A sample keeps the deadline that was in force when it was sensed.
final class StreamDeadline: Sendable {
    private let nanoseconds: Atomic<Int64>

    init(_ deadline: Duration) { nanoseconds = Atomic(deadline.nanoseconds) }

    var value: Duration {
        get { .nanoseconds(nanoseconds.load(ordering: .relaxed)) }
        set { nanoseconds.store(newValue.nanoseconds, ordering: .relaxed) }
    }
}
