import Foundation
import NIOCore
import Synchronization

/// Where the run's threads leave events, and viewers take them, each at its own pace.
///
/// Whoever publishes never waits: the newest events are kept, and a viewer that is too slow for them misses some. The
/// lock is held for a few moves only; viewers are woken outside it.
final class EventHub: Sendable {
    /// The events that are kept.
    static let capacity = 512
    /// What a new viewer is told of what was before: enough for charts to be full at once.
    static let greeting = 240

    private struct State {
        /// The newest events, up to `capacity`; the one of number n at index n mod capacity.
        var ring: [PageEvent] = []
        /// The number of the next event.
        var next: Int
        /// Those who wait for an event of this number or a later one.
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
        var isClosed = false
    }

    /// What a viewer gets.
    struct Batch {
        /// In their order; empty when there are none.
        var events: [PageEvent]
        /// How many it missed.
        var skipped: Int
    }

    private let first: Int
    private let state: Mutex<State>

    /// A hub without events; they are numbered from `first`, so that a viewer tells a new run's from an old one's.
    init(first: Int = Int(Date().timeIntervalSince1970 * 1000)) {
        self.first = first
        state = Mutex(State(next: first))
    }

    /// Tells viewers something; `data` holds no line feed. Never waits for a viewer.
    func publish(_ kind: PageEvent.Kind, _ data: some Sequence<UInt8>) {
        let woken = state.withLock { state in
            let event = PageEvent(id: state.next, kind: kind, data: data)
            if state.ring.count < Self.capacity {
                state.ring.append(event)
            } else {
                state.ring[(state.next - first) % Self.capacity] = event
            }
            state.next += 1
            return take(&state.waiters)
        }
        for waiter in woken { waiter.resume() }
    }

    /// The number that a viewer begins after: what it saw last, where that is still here.
    func start(lastSeen: Int?) -> Int {
        state.withLock { state in
            if let lastSeen, (first..<state.next).contains(lastSeen) { return lastSeen }
            return max(first, state.next - Self.greeting) - 1
        }
    }

    /// What came after event `id` and is still kept.
    func events(after id: Int) -> Batch {
        state.withLock { state in
            let oldest = state.next - state.ring.count
            let from = max(id + 1, oldest)
            return Batch(
                events: from < state.next ? (from..<state.next).map { state.ring[($0 - first) % Self.capacity] } : [],
                skipped: max(0, oldest - (id + 1)))
        }
    }

    /// Whether nothing more will come.
    var isClosed: Bool { state.withLock(\.isClosed) }

    /// Waits until there is an event after `id`, the hub is closed or the task is cancelled.
    func news(after id: Int) async {
        let ticket = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    guard state.next - 1 <= id, !state.isClosed, !Task.isCancelled else { return true }
                    state.waiters[ticket] = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume()
        }
    }

    /// Says that nothing more comes; viewers get what is there, then the end.
    func close() {
        let woken = state.withLock { state in
            state.isClosed = true
            return take(&state.waiters)
        }
        for waiter in woken { waiter.resume() }
    }

    private func take(
        _ waiters: inout [Int: CheckedContinuation<Void, Never>]
    ) -> [CheckedContinuation<Void, Never>] {
        if waiters.isEmpty { return [] }
        defer { waiters.removeAll(keepingCapacity: true) }
        return Array(waiters.values)
    }
}
