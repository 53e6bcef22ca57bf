import Media
import Units

/// Decides whether a card's stamp can be believed.
///
/// A stamp is the moment at which the last of the waiting frames had been brought. One from the future, one that is
/// older than the oldest sound that can wait, and one that goes backwards are not believed; the moment at which we
/// looked takes its place. After several of those the card's stamps are not looked at any more until the next opening.
struct SoundStampCheck: Hashable {
    /// A stamp may lie so far in the future: it is taken just before we read the clock, but not by the same core.
    private static let slack = Duration.milliseconds(1)
    private static let oldest = Duration.seconds(2)
    private static let patience = 5

    /// Stamps that were not believed.
    private(set) var rejected = 0
    private var last: MonotonicTime?
    private var trusts: Bool

    /// - Parameter stampsAreMonotonic: Whether the card was asked to stamp on `CLOCK_MONOTONIC`, and agreed.
    init(stampsAreMonotonic: Bool) { trusts = stampsAreMonotonic }

    /// The moment to go by, and where it comes from.
    mutating func check(_ stamp: MonotonicTime, now: MonotonicTime) -> (time: MonotonicTime, quality: TimeQuality) {
        guard trusts else { return (now, .arrival) }
        let isPlausible = stamp <= now + Self.slack && now - stamp <= Self.oldest && stamp >= last ?? stamp
        guard isPlausible else {
            rejected += 1
            if rejected >= Self.patience { trusts = false }
            return (now, .repaired)
        }
        last = stamp
        return (stamp, .device)
    }
}
