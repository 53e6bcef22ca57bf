import Media
import Units

/// Numbers the frames of a stream, those that are missing included, and says when each was captured.
///
/// A break's length is known once sound comes again: from where the line of stamps before it ends to the capture of the
/// first frame after it. A pure value; no allocation.
struct SoundTimeline: Hashable {
    /// The number of the next frame.
    private(set) var position: Int64 = 0
    /// Which frame was captured when.
    private(set) var clock: SampleClock
    private var interruption: SoundGap.Reason?
    private var pending: SoundGap?

    init(rate: Int) { clock = SampleClock(nominalRate: Double(rate)) }

    /// Sound has stopped; what comes next follows a gap. The first reason of several counts, but a failure gives way to
    /// what explains it: a card that is pulled out may fail before it is gone.
    mutating func interrupt(_ reason: SoundGap.Reason) {
        if interruption == nil || interruption == .failed { interruption = reason }
    }

    /// The capture has ended: what has stopped since has not come again by `now`, and what is missing until then is a
    /// gap after the last frame.
    mutating func end(at now: MonotonicTime) {
        guard let reason = interruption else { return }
        interruption = nil
        if position > 0 { miss(reason, until: now) }
    }

    /// Takes in that `available` frames wait to be read, the last of which was there at `stamp`.
    mutating func observe(available: Int, stamp: MonotonicTime) {
        guard available > 0 else { return }
        if let reason = interruption {
            interruption = nil
            let length = Duration.seconds(Double(available) / clock.rate)
            if position > 0 { miss(reason, until: stamp + (.zero - length)) }
            clock.restart(sample: position + Int64(available), at: stamp)
        } else if case .jumped(let duration) = clock.observe(sample: position + Int64(available), at: stamp) {
            // The line starts again at this stamp: the frames that wait end there, and those missing come before them.
            guard duration > .zero else { return }
            let frames = Int64((duration.seconds * clock.rate).rounded())
            let begins = clock.time(of: position) + (.zero - duration)
            add(
                SoundGap(reason: .skipped, position: position, frames: frames, begins: begins, duration: duration))
            clock.restart(sample: position + Int64(available), at: stamp)
        }
    }

    /// Numbers frames that were read: the first one's number, and when it was captured.
    mutating func advance(_ frames: Int) -> (position: Int64, time: MonotonicTime) {
        defer { position += Int64(frames) }
        return (position, clock.time(of: position))
    }

    /// Numbers frames that were read, but cannot be handed on.
    mutating func lose(_ frames: Int) {
        let begins = clock.time(of: position)
        let duration = Duration.seconds(Double(frames) / clock.rate)
        add(
            SoundGap(
                reason: .readerTooSlow, position: position, frames: Int64(frames), begins: begins, duration: duration))
    }

    /// The gap that comes before the next frame, or at the end; it is then forgotten.
    mutating func takeGap() -> SoundGap? {
        defer { pending = nil }
        return pending
    }

    /// Whether a gap comes before the next frame.
    var hasGap: Bool { pending != nil }

    private mutating func miss(_ reason: SoundGap.Reason, until end: MonotonicTime) {
        let begins = clock.time(of: position)
        let duration = max(.zero, end - begins)
        let frames = Int64((duration.seconds * clock.rate).rounded())
        add(SoundGap(reason: reason, position: position, frames: frames, begins: begins, duration: duration))
    }

    private mutating func add(_ gap: SoundGap) {
        position += gap.frames
        guard var whole = pending else {
            pending = gap
            return
        }
        whole.frames += gap.frames
        whole.duration = gap.begins + gap.duration - whole.begins
        pending = whole
    }
}
