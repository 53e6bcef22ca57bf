import Units

/// Numbers frames without a break and tells how many the driver lost before each.
///
/// Drivers count frames in 32 bits from anywhere, and the gaps in their numbers are the frames they lost. Some never
/// count, some start anew, and some jump: a number that goes back, or ahead of what the time since the last frame
/// allows, starts a new count and loses nothing.
struct SequenceCheck: Hashable {
    /// The number of the next frame.
    private(set) var next: Int
    /// The times that the driver's count broke off.
    private(set) var breaks = 0
    private let interval: Duration
    private var last: UInt32?

    /// Makes a check whose first frame is number `first`.
    init(first: Int, interval: Duration) {
        next = first
        self.interval = max(interval, .microseconds(100))
    }

    /// The number of a frame that the driver gave `sequence`, `elapsed` after the one before, and how many were lost
    /// between the two. The lost ones' numbers come right before it.
    mutating func take(_ sequence: UInt32, elapsed: Duration) -> (number: Int, lost: Int) {
        var lost = 0
        if let last {
            let ahead = sequence &- last
            let possible = 8 + 4 * (max(elapsed, .zero).seconds / interval.seconds)
            if ahead == 0 || Double(ahead) > possible {
                breaks += 1
            } else {
                lost = Int(ahead) - 1
            }
        }
        last = sequence
        next += lost + 1
        return (next - 1, lost)
    }

    /// Forgets the driver's count, as a stream that starts again does; the own numbers go on.
    mutating func restart() { last = nil }

    /// Leaves out numbers for frames that could not be counted.
    mutating func skip(_ count: Int) { next += count }
}
