import COnnxRuntime
import Dispatch
import Glibc
import Synchronization

/// Starts the threads of ONNX Runtime's sessions.
///
/// A thread inherits the nice value of the one that starts it, and only a privileged user can take that back. A session
/// that is loaded in the background, by a thread that yields to others, would so infer slowly for ever: its threads are
/// started by one that never yields.
final class ThreadStarter: Sendable {
    /// The one of this process, made when it is first asked for, which a thread of ordinary priority must do; nil where
    /// the system gives it no thread.
    static let shared: ThreadStarter? = {
        let starter = ThreadStarter()
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { starter in
                if let starter { Unmanaged<ThreadStarter>.fromOpaque(starter).takeUnretainedValue().serve() }
                return nil
            }, Unmanaged.passRetained(starter).toOpaque())
        guard status == 0 else { return nil }
        pthread_detach(thread)
        return starter
    }()

    /// What a thread does.
    private final class Work {
        let body: ort_thread_work
        let argument: UnsafeMutableRawPointer?
        let cores: WorkerCores?

        init(_ body: @escaping ort_thread_work, _ argument: UnsafeMutableRawPointer?, _ cores: WorkerCores?) {
            (self.body, self.argument, self.cores) = (body, argument, cores)
        }
    }

    private let turn = Mutex(())
    /// The work that a thread is to be started for, retained for it; then the thread.
    private let order = Atomic<UInt>(0)
    private let asked = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)

    /// Starts a thread, for `join`, which `cores` takes in; nil where the system gives none.
    func start(
        _ body: @escaping ort_thread_work, _ argument: UnsafeMutableRawPointer?, _ cores: WorkerCores? = nil
    ) -> OpaquePointer? {
        turn.withLock { _ in
            let work = Unmanaged.passRetained(Work(body, argument, cores)).toOpaque()
            order.store(UInt(bitPattern: work), ordering: .sequentiallyConsistent)
            asked.signal()
            done.wait()
            return OpaquePointer(bitPattern: order.load(ordering: .sequentiallyConsistent))
        }
    }

    /// Waits for the end of a thread that was started.
    static func join(_ thread: OpaquePointer?) { pthread_join(pthread_t(UInt(bitPattern: thread)), nil) }

    private func serve() {
        while true {
            asked.wait()
            var thread = pthread_t()
            let work = UnsafeMutableRawPointer(bitPattern: order.load(ordering: .sequentiallyConsistent))
            let status = pthread_create(
                &thread, nil,
                { work in
                    guard let work else { return nil }
                    let own = Unmanaged<Work>.fromOpaque(work).takeRetainedValue()
                    own.cores?.join()
                    own.body(own.argument)
                    return nil
                }, work)
            if status != 0, let work { Unmanaged<Work>.fromOpaque(work).release() }
            order.store(status == 0 ? UInt(thread) : 0, ordering: .sequentiallyConsistent)
            done.signal()
        }
    }
}
