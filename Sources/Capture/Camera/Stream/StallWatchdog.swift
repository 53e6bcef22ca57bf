import Media
import Units

/// Says when a stream that should deliver has stalled: no frame for two seconds or ten intervals.
struct StallWatchdog: Hashable {
    /// The longest time without a frame.
    let limit: Duration
    /// When the stream counts as stalled.
    private(set) var deadline: MonotonicTime

    /// The time a device has for its first frame: many measure light and focus first.
    static let startLimit: Duration = .seconds(5)

    /// Makes a watchdog of a stream that starts now.
    init(interval: Duration?, now: MonotonicTime) {
        limit = max(.seconds(2), (interval ?? .zero) * 10)
        deadline = now + max(limit, Self.startLimit)
    }

    /// Notes a frame, damaged or not: the device is alive.
    mutating func fed(now: MonotonicTime) { deadline = now + limit }

    /// Whether the stream has stalled.
    func hasStalled(now: MonotonicTime) -> Bool { now >= deadline }

    /// The milliseconds to wait for a frame, rounded up.
    func patience(now: MonotonicTime) -> Int32 {
        let left = (deadline - now).nanoseconds
        return left <= 0 ? 0 : Int32(min((left + 999_999) / 1_000_000, 60_000))
    }
}
