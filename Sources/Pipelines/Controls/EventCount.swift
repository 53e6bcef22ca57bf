import Synchronization

/// Counts what happens on one thread for others to read, without a lock.
final class EventCount: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add(_ more: Int = 1) { count.add(more, ordering: .relaxed) }
}
