import CProcess
import Glibc
import Synchronization

/// Keeps a session's threads off the core that runs the session, and off each other's.
///
/// Threads that sleep rather than spin are woken for each piece of work, and the kernel likes to wake a thread on the core
/// of the one that wakes it. Where idle cores look taken to it (those of a virtual machine that its host has put to
/// sleep) it does so each time: two threads then share one core, and are as slow as one. So each thread is kept to cores
/// of its own, without the caller's. Where other programs keep all cores busy that gains nothing, and may cost a fifth.
final class WorkerCores: Sendable {
    /// Room for 1024 cores; on a machine with more, threads run where the kernel puts them.
    private static let words = 16

    private struct State {
        var threads: [pid_t] = []
        /// The core that the last run was called on, which threads are kept off; nil where some are not yet.
        var core: Int32?
    }

    private let state = Mutex(State())

    /// How many threads were taken in.
    var count: Int { state.withLock { $0.threads.count } }

    /// Takes in the calling thread, which is one of the session's.
    func join() {
        let thread = heed_thread_number()
        state.withLock { state in
            state.threads.append(thread)
            state.core = nil
        }
    }

    /// Keeps the session's threads off the core that the calling thread is on.
    ///
    /// Where that is another core than at the last call, a system call for each of them and one for the cores that are
    /// allowed, else some 20 ns. Where the kernel refuses, threads run where it puts them.
    func part() {
        let core = heed_current_core()
        state.withLock { state in
            guard state.core != core, !state.threads.isEmpty else { return }
            state.core = core
            var allowed = [UInt](repeating: 0, count: Self.words)
            guard heed_get_affinity(&allowed, Self.words * 8) > 0 else { return }
            let masks = Self.masks(among: allowed, without: Int(core), count: state.threads.count)
            for (thread, mask) in zip(state.threads, masks) { _ = heed_set_affinity(thread, mask, Self.words * 8) }
        }
    }

    /// The cores for each of so many threads, a bit each: shares of those that are left, or all of these where there are
    /// not enough; none where nothing is left.
    static func masks(among allowed: [UInt], without caller: Int, count: Int) -> [[UInt]] {
        let others = (0..<allowed.count * UInt.bitWidth).filter {
            $0 != caller && allowed[$0 / UInt.bitWidth] >> ($0 % UInt.bitWidth) & 1 == 1
        }
        guard !others.isEmpty else { return [] }
        return (0..<count).map { thread in
            var mask = [UInt](repeating: 0, count: allowed.count)
            for (index, core) in others.enumerated() where others.count < count || index % count == thread {
                mask[core / UInt.bitWidth] |= 1 << (core % UInt.bitWidth)
            }
            return mask
        }
    }
}
