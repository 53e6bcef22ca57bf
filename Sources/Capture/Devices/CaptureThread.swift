import CVideo4Linux
import Glibc

/// How urgently a capture thread runs.
public enum ThreadPriority: Hashable, Sendable, CustomStringConvertible {
    /// Before all ordinary threads, with this real-time priority.
    case realTime(Int)
    /// As an ordinary thread that gets more than its share, with this nice value.
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
}

/// Runs capture on a thread of its own.
enum CaptureThread {
    private final class Work {
        let name: String
        let body: () -> Void
        init(_ name: String, _ body: @escaping () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Starts a thread; `name` has at most 15 letters.
    static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(SystemCallError) {
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(name, body))
        let status = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
                _ = heed_name_thread(work.name)
                work.body()
                return nil
            }, work.toOpaque())
        guard status == 0 else {
            work.release()
            throw SystemCallError(call: "pthread_create", number: status)
        }
        pthread_detach(thread)
    }

    /// Makes the calling thread as urgent as this user may, `priority` being the real-time priority wished for.
    static func raisePriority(_ priority: Int32) -> ThreadPriority {
        // A thread that ran wild would leave others the twentieth of the time that the kernel keeps for them; a limit
        // (RLIMIT_RTTIME) would end the whole process, and what it has recorded with it.
        var parameters = sched_param()
        parameters.sched_priority = priority
        if pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) == 0 { return .realTime(Int(priority)) }
        // On Linux a nice value is a thread's own.
        let nice: Int32 = -11
        return setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, nice) == 0 ? .nice(Int(nice)) : .ordinary
    }
}
