import CVideo4Linux
import Glibc

/// A thread of its own for one capture. One that is not joined ends by itself.
struct CaptureThread: ~Copyable {
    private let thread: pthread_t

    /// Starts a thread that does `work`.
    ///
    /// - Parameter name: Up to 15 bytes, as `top -H` shows it.
    init(name: String, _ work: @escaping @Sendable () -> Void) throws(SystemCallError) {
        let box = Unmanaged.passRetained(Work(name: name, run: work))
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, { CaptureThread.enter($0) }, box.toOpaque())
        guard status == 0 else {
            box.release()
            throw SystemCallError(call: "pthread_create", number: status)
        }
        self.thread = thread
    }

    deinit { pthread_detach(thread) }

    /// Waits for the thread's end.
    consuming func join() {
        pthread_join(thread, nil)
        discard self
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
        _ = heed_name_thread(work.name)
        work.run()
        return nil
    }
}
