import Media
import Units

extension MissingFrames {
    /// What a camera did not deliver from `first` on: the frames between one that came at `from` and one that comes, or
    /// would come, at `to`.
    static func away(
        first: Int, from: MonotonicTime, to: MonotonicTime, interval: Duration
    ) -> MissingFrames {
        let intervals = min(((to - from).seconds / interval.seconds).rounded(), 1e9)
        return .outage(first: first, count: max(0, Int(intervals) - 1), from: from, to: to)
    }
}
