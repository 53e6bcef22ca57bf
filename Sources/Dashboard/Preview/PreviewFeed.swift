import NIOCore
import Synchronization

/// The newest preview picture, for viewers to take: each gets the newest it has not seen, none is kept for a slow one.
final class PreviewFeed: Sendable {
    private struct State {
        var picture: ByteBuffer?
        var number = 0
        var viewers = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())
    /// Whether somebody looks; asked for each frame, so without a lock.
    private let isWatched = Atomic<Bool>(false)

    /// Whether anybody looks.
    var hasViewers: Bool { isWatched.load(ordering: .relaxed) }

    /// The number of the newest picture.
    var newest: Int { state.withLock(\.number) }

    /// A viewer comes, or goes.
    func count(_ change: Int) {
        state.withLock { state in
            state.viewers += change
            isWatched.store(state.viewers > 0, ordering: .relaxed)
        }
    }

    /// Puts a new picture up.
    func show(_ picture: ByteBuffer) {
        let woken = state.withLock { state in
            state.picture = picture
            state.number += 1
            defer { state.waiters.removeAll(keepingCapacity: true) }
            return Array(state.waiters.values)
        }
        for waiter in woken { waiter.resume() }
    }

    /// Wakes all who wait, with nothing to show.
    func close() {
        let woken = state.withLock { state in
            defer { state.waiters.removeAll() }
            return Array(state.waiters.values)
        }
        for waiter in woken { waiter.resume() }
    }

    /// Waits for a picture newer than number `seen`; nil when it was woken without one.
    func next(after seen: Int) async -> (picture: ByteBuffer, number: Int)? {
        let ticket = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    guard state.number <= seen, !Task.isCancelled else { return true }
                    state.waiters[ticket] = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume()
        }
        return state.withLock { state in
            guard !Task.isCancelled, let picture = state.picture, state.number > seen else { return nil }
            return (picture, state.number)
        }
    }
}
