/// Follows the time stamps of decoded sound, and tells where sound is missing.
struct AudioTimeline {
    /// Seconds in the stream's unit of time.
    let unit: Double
    /// The file's start in seconds; the first time stamp where the file does not say.
    private(set) var origin: Double?
    /// Where the next sound is expected, in seconds since the start.
    private var expected: Double?

    /// Less than this is rounding, or a clock that drifts, in seconds.
    private static let tolerance = 0.05

    init(unit: Double, origin: Double?) {
        self.unit = unit
        self.origin = origin
    }

    /// Places sound of `length` seconds with the given time stamp; returns where it begins unless it follows what came
    /// before.
    mutating func place(_ stamp: Int64?, length: Double) -> Duration? {
        let time = stamp.map { Double($0) * unit }
        if origin == nil { origin = time }
        var position = time.flatMap { time in origin.map { time - $0 } }
        // No file lasts 30 years.
        if let value = position, value.magnitude >= 1e9 { position = nil }
        guard let before = expected else {
            let start = max(0, position ?? 0)
            expected = start + length
            return start > 0 ? Self.duration(start) : nil
        }
        guard let position, (position - before).magnitude > Self.tolerance else {
            expected = before + length
            return nil
        }
        guard position > before else {
            // Time went back: from here on it is counted from another origin, so that it goes on.
            origin = time.map { $0 - before }
            expected = before + length
            return nil
        }
        expected = position + length
        return Self.duration(position)
    }

    private static func duration(_ seconds: Double) -> Duration { .nanoseconds(Int64((seconds * 1e9).rounded())) }
}
