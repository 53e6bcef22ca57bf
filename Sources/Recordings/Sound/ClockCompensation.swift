import Media
import Units

/// How much resampled sound must be stretched so that its positions keep to the times at which it was captured.
///
/// A card's clock is not the system's: in an hour, one that is 100 millionths off is 0.36 s off. While sound and time
/// are less than `deadBand` apart nothing is done, so that a good card's sound passes bit by bit. Beyond, they are
/// drawn together with a time constant of one second, until they are within `aim`: a drift r then leaves them r
/// seconds apart.
///
/// A pure value: lateness in, stretch out.
struct ClockCompensation: Sendable, Hashable {
    /// Sound and time may be so far apart.
    static let deadBand = Duration.milliseconds(5)
    /// So near they are brought together, once they were too far apart.
    static let aim = Duration.milliseconds(1)
    /// The stretch is spread over so many samples of output: a second.
    static let span = AudioBlock.rate
    /// Speech that is stretched more is no longer the speaker's, and a resampler can do only so much: 1 in 20.
    static let mostSamples = span / 20

    /// Whether sound is being stretched.
    private(set) var isCorrecting = false

    /// How many samples to add in the next `span` of output, negative to drop some; nil where nothing changes.
    ///
    /// `lateness` is how much later sound was captured than its position in the output says.
    mutating func samplesToAdd(lateness: Duration) -> Int? {
        let distance = max(lateness, .zero - lateness)
        guard isCorrecting || distance > Self.deadBand else { return nil }
        isCorrecting = distance > Self.aim
        guard isCorrecting else { return 0 }
        // A damaged file may name any time.
        let seconds = min(max(lateness.seconds, -1), 1)
        let samples = Int((seconds * Double(Self.span)).rounded())
        return min(max(samples, -Self.mostSamples), Self.mostSamples)
    }
}
