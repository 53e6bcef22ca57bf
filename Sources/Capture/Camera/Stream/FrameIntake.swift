import Media

/// Judges each buffer that the driver has filled: its number, its time, and whether it is whole.
///
/// A pure value: one for each stream, from its start to its end.
struct FrameIntake: Hashable {
    /// What was found.
    struct Verdict: Hashable {
        /// The frame's number; the frames lost before it have the numbers right before.
        var number: Int
        /// The frames that the driver lost before it.
        var lost: Int
        var captured: MonotonicTime
        var quality: TimeQuality
        /// What is wrong with it; nil for a good frame.
        var damage: FrameDamage?
    }

    /// Damaged frames in a row that mean that the stream is lost rather than a frame.
    static let burst = 8

    /// The frames taken in, good or not.
    private(set) var frames = 0
    /// The good frames taken in.
    private(set) var goodFrames = 0
    private var damagedInARow = 0
    private var sequences: SequenceCheck
    private var stamps = StampCheck()
    private var lastCaptured: MonotonicTime?
    private let leastBytes: Int

    /// Makes the intake of a stream whose first frame is number `first` and whose pictures have at least `leastBytes`.
    init(first: Int, interval: Duration, leastBytes: Int) {
        sequences = SequenceCheck(first: first, interval: interval)
        self.leastBytes = leastBytes
    }

    /// The number of the next frame.
    var next: Int { sequences.next }
    /// Whether only damaged frames come.
    var isBurst: Bool { damagedInARow >= Self.burst }
    /// Stamps that were not believed.
    var rejectedStamps: Int { stamps.rejected }

    /// Takes a buffer in, `arrival` being now.
    mutating func take(_ buffer: DequeuedBuffer, arrival: MonotonicTime) -> Verdict {
        let (captured, quality) = stamps.check(buffer.stamp, arrival: arrival)
        // Not by the arrival: after a thread was held up, frames from long ago and from now arrive at once.
        let elapsed = lastCaptured.map { captured - $0 } ?? .zero
        lastCaptured = captured
        let (number, lost) = sequences.take(buffer.sequence, elapsed: elapsed)
        let damage: FrameDamage? =
            buffer.isDamaged ? .flagged : buffer.byteCount < leastBytes ? .truncated : nil
        frames += 1
        if damage == nil {
            goodFrames += 1
            damagedInARow = 0
        } else {
            damagedInARow += 1
        }
        return Verdict(number: number, lost: lost, captured: captured, quality: quality, damage: damage)
    }

    /// Notes that the stream was switched off and on: the driver counts anew.
    mutating func restart() {
        sequences.restart()
        damagedInARow = 0
    }

    /// Leaves out numbers for frames that could not be counted.
    mutating func skip(_ count: Int) { sequences.skip(count) }
}
