import Glibc
import Synchronization

/// How urgently a thread runs.
public enum ThreadPriority: Hashable, Sendable, CustomStringConvertible {
    /// Before all ordinary threads, with this real-time priority.
    case realTime(Int)
    /// As an ordinary thread, with this nice value from -20, which gets the largest share, to 19.
    case nice(Int)
    /// As any other thread.
    case ordinary

    /// Such as `real-time 10`, or what is missing for that.
    public var description: String {
        switch self {
        case .realTime(let priority): "real-time \(priority)"
        case .nice(let value): "nice \(value) (no right to real-time: see `ulimit -r`)"
        case .ordinary: "ordinary (no right to real-time: see `ulimit -r`)"
        }
    }

    /// What the thread of a microphone wishes for: above ordinary work, below what the kernel itself runs so.
    static let sound = ThreadPriority.realTime(15)
    /// What the thread of a camera wishes for: below sound's, for frames come seldom.
    static let pictures = ThreadPriority.realTime(5)

    /// What a thread wishes for that lets samples arrive: one that arrives must not wait for the recognition of
    /// another.
    public static let feeding = ThreadPriority.nice(-11)

    /// How urgently a capture thread may run here, tried out on a thread that ends at once.
    public static var granted: ThreadPriority {
        let found = Mutex(ThreadPriority.ordinary)
        let trial = try? CaptureThread(name: "heed-trial") {
            let priority = sound.apply()
            found.withLock { $0 = priority }
        }
        trial?.join()
        return found.withLock { $0 }
    }

    /// `SCHED_RESET_ON_FORK`, which Glibc's module leaves out: what this thread starts is ordinary again.
    private static let resetOnFork: Int32 = 0x4000_0000

    /// Makes the calling thread as urgent as this user may, at most so urgent; how urgent it then is.
    ///
    /// A thread that ran wild would leave others the twentieth of the time that the kernel keeps for them; a limit
    /// (RLIMIT_RTTIME) would end the whole process, and what it has recorded with it.
    @discardableResult
    public func apply() -> ThreadPriority {
        switch self {
        case .realTime(let priority):
            var parameters = sched_param(sched_priority: Int32(clamping: priority))
            if sched_setscheduler(0, SCHED_FIFO | Self.resetOnFork, &parameters) == 0 { return self }
            return ThreadPriority.nice(-11).apply()
        case .nice(let value):
            // On Linux a nice value is a thread's own.
            let isNice = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Int32(clamping: value)) == 0
            return isNice ? self : .ordinary
        case .ordinary: return self
        }
    }
}
