import Synchronization

/// How many look, and how those fared that were too slow.
struct ViewerCounts: Sendable {
    /// Open event streams and previews.
    var now = 0
    /// Viewers that read nothing and were dropped.
    var dropped = 0
    /// Events that viewers were too slow for.
    var skipped = 0
}

/// Counts viewers, and lets no more in than there is room for.
final class ViewerRegister: Sendable {
    /// The most event streams and previews at once.
    static let capacity = 64
    private let state = Mutex(ViewerCounts())

    var counts: ViewerCounts { state.withLock(\.self) }

    /// Whether there is room for one more, who is then counted.
    func enter() -> Bool {
        state.withLock { counts in
            guard counts.now < Self.capacity else { return false }
            counts.now += 1
            return true
        }
    }

    func leave() { state.withLock { $0.now -= 1 } }
    func drop() { state.withLock { $0.dropped += 1 } }
    func skip(_ events: Int) { state.withLock { $0.skipped += events } }
}
