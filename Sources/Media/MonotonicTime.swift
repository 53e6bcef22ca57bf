import Glibc
import Units

/// A moment on the kernel's `CLOCK_MONOTONIC`, in nanoseconds.
///
/// V4L2 and ALSA stamp what they capture on this clock, so a deadline that starts at the sensor needs no conversion.
/// It stands still while the machine is suspended.
public struct MonotonicTime: Sendable, Hashable, Comparable {
    /// Nanoseconds since the clock's own origin.
    public var nanoseconds: Int64

    /// Makes a moment from the clock's nanoseconds.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The present moment.
    public static func now() -> MonotonicTime {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Whether `a` comes before `b`.
    public static func < (a: MonotonicTime, b: MonotonicTime) -> Bool { a.nanoseconds < b.nanoseconds }
    /// The moment `b` after `a`.
    public static func + (a: MonotonicTime, b: Duration) -> MonotonicTime {
        MonotonicTime(nanoseconds: a.nanoseconds + b.nanoseconds)
    }
    /// The time from `b` to `a`.
    public static func - (a: MonotonicTime, b: MonotonicTime) -> Duration {
        .nanoseconds(a.nanoseconds - b.nanoseconds)
    }

    /// Blocks the calling thread until this moment; returns at once when it has passed.
    public func sleep() {
        var time = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
    }
}
