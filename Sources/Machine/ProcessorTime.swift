import Glibc
import Units

/// Time that processors have spent working, by the kernel's own account; grows while work is done and never shrinks.
public enum ProcessorTime {
    /// The time of all threads of this process, over all cores, since it started (`CLOCK_PROCESS_CPUTIME_ID`).
    public static func process() -> Duration { .reading(CLOCK_PROCESS_CPUTIME_ID) }

    /// The time of the calling thread since it started (`CLOCK_THREAD_CPUTIME_ID`).
    public static func thread() -> Duration { .reading(CLOCK_THREAD_CPUTIME_ID) }
}

extension Duration {
    /// The present moment on `CLOCK_MONOTONIC`.
    static func monotonic() -> Duration { reading(CLOCK_MONOTONIC) }

    /// What a clock of the kernel's shows.
    static func reading(_ clock: clockid_t) -> Duration {
        var time = timespec()
        clock_gettime(clock, &time)
        return Duration(
            secondsComponent: Int64(time.tv_sec), attosecondsComponent: Int64(time.tv_nsec) * 1_000_000_000)
    }
}
