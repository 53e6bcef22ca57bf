import CALSA
import Glibc

/// A thread of its own for one capture, real-time where the system allows it.
final class CaptureThread {
    /// Above ordinary work, below what the kernel itself runs so.
    static let priority = 15
    /// `SCHED_RESET_ON_FORK`, which Glibc's module leaves out: what this process starts is ordinary again.
    private static let resetOnFork: Int32 = 0x4000_0000

    private let thread: pthread_t

    /// Starts a thread that does `work`.
    ///
    /// - Parameter name: Up to 15 bytes, as `top -H` shows it.
    init(name: String, _ work: @escaping @Sendable () -> Void) throws(CaptureError) {
        thread = try Self.started(Work(name: name, run: work))
    }

    private static func started(_ work: Work) throws(CaptureError) -> pthread_t {
        let box = Unmanaged.passRetained(work)
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, { CaptureThread.enter($0) }, box.toOpaque())
        if status == 0 { return thread }
        box.release()
        throw CaptureError(
            .failed, "no thread for \(work.name): \(String(cString: strerror(status))); raise the limit on processes")
    }

    /// Waits for the thread's end. To be called once.
    func join() { pthread_join(thread, nil) }

    /// Asks for the real-time policy for the calling thread; whether it was given.
    ///
    /// The kernel keeps a share of each second from all real-time threads (sched_rt_runtime_us), so that an error of
    /// ours cannot freeze the machine.
    static func makeRealtime() -> Bool {
        var parameters = sched_param(sched_priority: Int32(priority))
        return sched_setscheduler(0, SCHED_FIFO | resetOnFork, &parameters) == 0
    }

    private final class Work: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    private static func enter(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
        heed_name_thread(work.name)
        work.run()
        return nil
    }
}
