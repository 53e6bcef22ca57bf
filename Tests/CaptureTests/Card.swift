import Media
import Units

@testable import Capture

/// A card whose crystal is off, and which stamps a period too late by up to `jitter`.
struct Card {
    var nominalRate = 48_000.0
    var partsPerMillion = 0.0
    var jitter = 0.0
    var start = MonotonicTime(nanoseconds: 1_000_000_000_000)
    var generator = SeededGenerator(seed: 1)

    /// When so many samples had been captured.
    func time(of sample: Int64) -> MonotonicTime {
        start + .nanoseconds(Int64(Double(sample) / (nominalRate * (1 + partsPerMillion * 1e-6)) * 1e9))
    }

    /// What it says about that.
    mutating func stamp(of sample: Int64) -> MonotonicTime {
        time(of: sample) + .seconds(jitter > 0 ? Double.random(in: 0..<jitter, using: &generator) : 0)
    }
}

extension MonotonicTime {
    init(seconds: Double) { self.init(nanoseconds: Int64(seconds * 1e9)) }
}
