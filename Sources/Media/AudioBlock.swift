/// A stretch of sound: mono, 16 kHz, −1…1.
public struct AudioBlock: Sendable, Hashable {
    /// Samples a second.
    public static let rate = 16_000

    /// When its first sample was captured, on the audio timeline.
    public var position: Duration
    /// The samples, in order.
    public var samples: [Float]
    /// When it was there to be heard, on the audio timeline; a microphone brings sound a little after it was captured.
    public var arrival: Duration
    /// Why sound is missing right before it, where somebody told; that it is, its position says.
    public var missing: SoundGap.Reason?

    /// Where its last sample ends.
    public var end: Duration { position + Self.duration(of: samples.count) }

    /// Makes a block; without another `arrival`, it is there as soon as its last sample is captured.
    public init(
        position: Duration, samples: [Float], arrival: Duration? = nil, missing: SoundGap.Reason? = nil
    ) {
        self.position = position
        self.samples = samples
        self.arrival = arrival ?? position + Self.duration(of: samples.count)
        self.missing = missing
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
