/// What numbers in a recording may be: sums and differences of those within never overflow.
///
/// A file that is damaged, or was made to do harm, may hold anything; what lies beyond is taken for damage.
enum RecordedLimits {
    /// Eight years in nanoseconds; no machine runs for longer.
    static let times: ClosedRange<Int64> = -250_000_000_000_000_000...250_000_000_000_000_000
    /// Numbers of frames and of samples: 40 years of sound at the highest rate.
    static let numbers: ClosedRange<Int64> = -1_000_000_000_000_000...1_000_000_000_000_000
    /// How many samples are missing at once.
    static let lengths: ClosedRange<Int64> = 0...1_000_000_000_000_000
    /// How many frames are missing at once: 50 days at 240 a second.
    static let counts = 0...1_000_000_000
    /// Samples a second that sound has; one second of it must not fill all memory.
    static let soundRates = 1_000...768_000
    /// The same as measured by the system's clock, which may be far off after a disturbance.
    static let measuredRates = 1.0...1e9
}
