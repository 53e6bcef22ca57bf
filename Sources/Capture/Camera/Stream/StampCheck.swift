import Media
import Units

/// Tells when a frame was captured, and how far that can be trusted.
///
/// A driver's stamp is taken as it is unless it lies in the future, not after the frame before, or more than ten
/// seconds back. Then the time is estimated from the arrival and from how long frames with sound stamps took to arrive
/// at least; after three such stamps none of the stream's is believed. Times always grow.
///
/// The checks are those of GStreamer's v4l2src. Pure: the clock's reading comes in.
struct StampCheck: Hashable {
    /// The oldest that a believable stamp is.
    static let oldest: Duration = .seconds(10)
    /// How far in the future a stamp may lie: drivers that compute stamps by regression round both ways.
    static let tolerance: Duration = .milliseconds(1)
    /// The stamps that a stream may get wrong before none is believed.
    static let patience = 3

    /// The stamps that were not believed.
    private(set) var rejected = 0
    private var last: MonotonicTime?
    private var shortestWay: Duration?
    private var frames = 0

    /// The capture time of a frame that was dequeued at `arrival`; `stamp` is nil where the driver gives none.
    mutating func check(_ stamp: MonotonicTime?, arrival: MonotonicTime) -> (time: MonotonicTime, quality: TimeQuality)
    {
        frames += 1
        guard let stamp else { return (advance(to: arrival), .arrival) }
        guard rejected < Self.patience, isPlausible(stamp, arrival) else {
            if rejected < Self.patience { rejected += 1 }
            let way = shortestWay ?? .zero
            return (advance(to: arrival + (.zero - way)), .repaired)
        }
        // The first frame of a stream may have been stamped while the device was still starting.
        if frames > 1 { shortestWay = min(shortestWay ?? .seconds(1), max(.zero, arrival - stamp)) }
        return (advance(to: min(stamp, arrival)), .device)
    }

    private func isPlausible(_ stamp: MonotonicTime, _ arrival: MonotonicTime) -> Bool {
        guard stamp.nanoseconds > 0, stamp.nanoseconds < Int64.max / 2 else { return false }
        let age = arrival - stamp
        guard age >= .zero - Self.tolerance, age <= Self.oldest else { return false }
        return last.map { stamp > $0 } ?? true
    }

    private mutating func advance(to time: MonotonicTime) -> MonotonicTime {
        let next = last.map { max(time, $0 + .nanoseconds(1)) } ?? time
        last = next
        return next
    }
}
