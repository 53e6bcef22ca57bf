import Foundation
import Media
import Synchronization

/// A clock that stands still while anybody works, and leaps to the next moment that somebody waits for.
///
/// A run's threads share it like coroutines: exactly one has the turn, and passes it on where it waits. The next one is
/// whoever is due first, of several the one that joined first; so the order of all that happens depends on nothing
/// but the moments waited for, however quick the machine is. Threads that did not join may read the clock and `tell`.
final class VirtualClock: @unchecked Sendable {
    // `waits` and `turn` are touched under `lock` alone. `time` is written under it, and read without: it changes when
    // the turn is passed on only, so whoever has the turn sees it stand still.

    /// What a thread waits for.
    private enum Wait {
        /// Its turn, from a moment on.
        case moment(MonotonicTime)
        /// To be told that something has changed.
        case news
        /// To be told so, or its turn from a moment on.
        case newsOrMoment(MonotonicTime)
        /// Nothing more: it has left.
        case nothing
    }

    /// A thread's place in the order of joining.
    struct Place {
        fileprivate let index: Int
    }

    /// What everything is kept under that threads tell each other of; see `waitForNews`.
    let lock = NSCondition()
    private let time = Atomic<Int64>(0)
    /// What each thread waits for, or did before it had the turn; by place.
    private var waits: [Wait] = []
    /// Whose turn it is; nil before the first and while all wait for news.
    private var turn: Int?

    /// The present moment: time begins at zero. Takes no lock.
    func now() -> MonotonicTime { MonotonicTime(nanoseconds: time.load(ordering: .acquiring)) }

    /// Adds a thread that is going to `enter`.
    func join() -> Place {
        lock.withLock {
            waits.append(.moment(now()))
            return Place(index: waits.count - 1)
        }
    }

    /// Waits for the calling thread's first turn.
    func enter(_ place: Place) {
        lock.withLock {
            if turn == nil { passTurn() }
            awaitTurn(place.index)
        }
    }

    /// Ends the calling thread's part in the run and passes the turn on; called by the thread that has it.
    func leave() { lock.withLock { _ = give(up: .nothing) } }

    /// Waits until `moment`, or for a turn where it has passed; called by the thread that has the turn.
    func sleep(until moment: MonotonicTime) {
        lock.withLock { awaitTurn(give(up: .moment(max(moment, now())))) }
    }

    /// Waits to be told that something has changed; called, with `lock` held, by the thread that has the turn.
    ///
    /// As with any condition variable it is for the caller to look whether it was this change that it waits for. The
    /// lock is given back while it waits.
    ///
    /// - Parameter moment: When it is given its turn all the same.
    func waitForNews(until moment: MonotonicTime? = nil) {
        awaitTurn(give(up: moment.map { .newsOrMoment(max($0, now())) } ?? .news))
    }

    /// Lets all who wait for news look at it, in their turn; called with `lock` held, by any thread.
    func tell() {
        for index in waits.indices {
            switch waits[index] {
            case .news, .newsOrMoment: waits[index] = .moment(now())
            case .moment, .nothing: break
            }
        }
        if turn == nil { passTurn() }
    }

    /// Gives the turn to whoever is due next; returns whose it was.
    private func give(up wait: Wait) -> Int {
        guard let turn else { preconditionFailure("a thread that has not joined the run waits on its clock") }
        waits[turn] = wait
        passTurn()
        return turn
    }

    private func passTurn() {
        var next: (index: Int, moment: MonotonicTime)?
        for (index, wait) in waits.enumerated() {
            switch wait {
            case .moment(let moment), .newsOrMoment(let moment):
                if moment < next?.moment ?? .init(nanoseconds: .max) { next = (index, moment) }
            case .news, .nothing: break
            }
        }
        turn = next?.index
        guard let next else { return }
        time.store(max(next.moment, now()).nanoseconds, ordering: .releasing)
        lock.broadcast()
    }

    private func awaitTurn(_ index: Int) {
        while turn != index { lock.wait() }
    }
}
