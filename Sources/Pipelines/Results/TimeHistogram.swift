import Histogram
import Units

/// Times gathered in bounded memory, with percentiles good to three significant digits.
struct TimeHistogram {
    private static let longest: UInt64 = 3_600_000_000_000  // An hour, in nanoseconds.
    private var histogram = Histogram<UInt32>(
        lowestDiscernibleValue: 1, highestTrackableValue: TimeHistogram.longest, numberOfSignificantValueDigits: .three)

    mutating func record(_ time: Duration) {
        let nanoseconds = UInt64(clamping: time.nanoseconds)
        histogram.record(min(nanoseconds, Self.longest))
    }

    var isEmpty: Bool { histogram.totalCount == 0 }

    /// The time that `percentile` percent of all times do not exceed; zero when there are none.
    func value(percentile: Double) -> Duration {
        isEmpty ? .zero : .nanoseconds(Int64(histogram.valueAtPercentile(percentile)))
    }

    var maximum: Duration { isEmpty ? .zero : .nanoseconds(Int64(histogram.max)) }
}
