/// A stretch of sound: mono, 16 kHz, −1…1.
public struct AudioBlock: Sendable, Hashable {
    /// Samples a second.
    public static let rate = 16_000

    /// When its first sample was captured, on the audio timeline.
    public var position: Duration
    /// The samples, in order.
    public var samples: [Float]

    /// Where its last sample ends.
    public var end: Duration { position + Self.duration(of: samples.count) }

    /// Makes a block.
    public init(position: Duration, samples: [Float]) {
        self.position = position
        self.samples = samples
    }

    /// How long so many samples last.
    public static func duration(of samples: Int) -> Duration {
        .nanoseconds(Int64(samples) * 1_000_000_000 / Int64(rate))
    }

    /// How many whole samples last so long; not negative.
    public static func samples(in duration: Duration) -> Int {
        let parts = duration.components
        return max(0, Int(parts.seconds) * rate + Int(parts.attoseconds / (1_000_000_000_000_000_000 / Int64(rate))))
    }
}
