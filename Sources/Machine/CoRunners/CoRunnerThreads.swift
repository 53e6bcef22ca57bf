import Glibc
private import Foundation
private import Synchronization
import Units

/// A load on some cores of this machine, by threads of this process, each pinned to one core.
public final class CoRunnerThreads {
    /// Work and rest fill this time by turns: shorter than a frame, longer than the kernel's own turns.
    public static let turn = Duration.milliseconds(10)

    private final class Stop: Sendable {
        let isAsked = Atomic<Bool>(false)
        let running = DispatchGroup()
    }

    private let stop = Stop()

    /// Starts to work; blocks until each thread does.
    ///
    /// - Parameters:
    ///   - cores: The numbers of the cores, each one once.
    ///   - bytes: With `memory`, how many bytes they stream together.
    /// - Throws: `MachineError` of code `missing` for a core that may not be used; nothing works then.
    public init(_ load: CoRunnerLoad, cores: [Int], streaming bytes: Int = 0) throws(MachineError) {
        let allowed = Set(try CoreAffinity.allowed())
        for core in cores where !allowed.contains(core) { throw try CoreAffinity.notAllowed(core) }
        let ready = DispatchSemaphore(value: 0)
        let (stop, share) = (stop, bytes / max(cores.count, 1))
        for core in cores {
            stop.running.enter()
            let thread = Thread {
                Self.work(load, core: core, bytes: share, stop, ready)
                stop.running.leave()
            }
            thread.name = "heed-stress"
            thread.start()
        }
        for _ in cores { ready.wait() }
    }

    /// Ends the work; blocks until no thread works any more.
    public func end() {
        stop.isAsked.store(true, ordering: .relaxed)
        stop.running.wait()
    }

    private static func work(
        _ load: CoRunnerLoad, core: Int, bytes: Int, _ stop: Stop, _ ready: DispatchSemaphore
    ) {
        // It was among those that may be used a moment ago; where it no longer is, the kernel chooses another one.
        try? CoreAffinity.pin(toCore: core)
        var work = load.kind == .memory ? CoRunnerWork(streaming: bytes) : CoRunnerWork()
        var start = Duration.reading(CLOCK_MONOTONIC)
        work.run(until: start)
        ready.signal()
        while !stop.isAsked.load(ordering: .relaxed) {
            work.run(until: start + turn * load.share)
            // A turn that was kept from the core is not made up for.
            start = max(start + turn, Duration.reading(CLOCK_MONOTONIC) - turn)
            if load.share < 1 { sleep(until: start) }
        }
    }

    private static func sleep(until end: Duration) {
        var time = timespec(
            tv_sec: Int(end.components.seconds), tv_nsec: Int(end.components.attoseconds / 1_000_000_000))
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
    }
}
