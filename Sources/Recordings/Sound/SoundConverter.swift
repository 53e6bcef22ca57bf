import CFFmpeg
public import Media
import Units

/// Turns a microphone's sound into blocks that recognisers take: mono at 16 kHz, on a timeline that begins at `origin`.
///
/// Each block of sound gives at most one block, at once; the filter holds back about a millisecond, which comes with
/// the next one. Positions follow the times at which sound was captured: they never go back, jump where sound is
/// missing, and where the card's clock drifts from the system's the sound is stretched a little
/// (``ClockCompensation``). All channels but a subwoofer's are mixed, as ``AudioRecording`` does, which uses this
/// very type for recordings of heed: the same blocks in give the same samples out.
///
/// For one thread at a time; it may be handed over as a whole.
public final class SoundConverter {
    /// The sound's format.
    public let format: SoundFormat
    /// Where the timeline of the blocks begins. Sound from before has negative positions.
    public let origin: MonotonicTime
    /// Samples that were no numbers, or far too large for sound; they became 0.
    public private(set) var damagedSamples = 0

    private let resampler = AudioResampler()
    private var compensation = ClockCompensation()
    /// Where the sound since the last gap begins; nil before any.
    private var start: Duration?
    /// How many samples of it were given out.
    private var count = 0
    /// The number of the frame that follows; nil at the start and after a gap.
    private var expected: Int64?
    private var arrival: Duration?
    /// Why sound is missing before the next block that is given out, where that was told.
    private var missing: SoundGap.Reason?

    /// Where time jumps more than this, sound is missing, whether or not somebody said so.
    private static let farthest = Duration.milliseconds(50)

    /// Makes a converter at the start of a stream.
    public init(format: SoundFormat, origin: MonotonicTime) {
        self.format = format
        self.origin = origin
    }

    /// Converts a block that reached heed at `arrived`; the result has that arrival, or the one before if that is
    /// later.
    ///
    /// Empty while the filter fills. More than one block comes where the block does not follow the one before, as after
    /// a ``SoundGap`` that was not told: what was held back belongs before the gap.
    ///
    /// Throws `unreadable` when the block does not have the bytes that its format and length take, or when its rate or
    /// channels are none that libswresample knows.
    public func append(_ block: SoundBlock, arrived: MonotonicTime) throws(RecordingError) -> [AudioBlock] {
        guard block.frames > 0 else { return [] }
        guard block.bytes.count == block.frames * format.frameByteCount else {
            throw RecordingError(
                .unreadable,
                "a block of \(block.frames) frames of sound (\(format)) has \(block.bytes.count) bytes; it needs "
                    + "\(block.frames * format.frameByteCount)")
        }
        let captured = block.captured - origin
        var blocks: [AudioBlock] = []
        if let expected, expected != block.position || captured - next > Self.farthest { blocks += try flush() }
        if expected == nil {
            start = max(captured, end ?? captured)
            count = 0
        } else if let samples = compensation.samplesToAdd(lateness: captured - next) {
            try check(resampler.stretch(by: samples, over: ClockCompensation.span))
        }
        expected = block.position + Int64(block.frames)
        let time = arrived - origin
        arrival = max(time, arrival ?? time)
        var samples: [Float] = []
        let result = resampler.append(block.bytes, frames: block.frames, format: format, to: &samples)
        damagedSamples += result.damagedSamples
        try check(result.failure)
        return blocks + give(samples)
    }

    /// Takes in that sound is missing; returns what was held back.
    ///
    /// How long the gap is shows in the position of the block that follows, which has the reason; where gaps follow one
    /// another, the first one's.
    public func append(_ gap: SoundGap) throws(RecordingError) -> [AudioBlock] {
        let blocks = try flush()
        missing = missing ?? gap.reason
        return blocks
    }

    /// Ends the stream; returns what was held back. A block that follows is placed as after a gap.
    public func finish() throws(RecordingError) -> [AudioBlock] { try flush() }

    /// Where the sound given out ends.
    private var end: Duration? { start.map { $0 + AudioBlock.duration(of: count) } }

    /// The position at which the next frame of input would come out.
    private var next: Duration { (end ?? .zero) + resampler.delay }

    private func flush() throws(RecordingError) -> [AudioBlock] {
        var samples: [Float] = []
        let failure = resampler.flush(to: &samples)
        expected = nil
        compensation = ClockCompensation()
        try check(failure)
        return give(samples)
    }

    private func give(_ samples: [Float]) -> [AudioBlock] {
        guard !samples.isEmpty, let end else { return [] }
        count += samples.count
        defer { missing = nil }
        return [AudioBlock(position: end, samples: samples, arrival: arrival, missing: missing)]
    }

    private func check(_ failure: String?) throws(RecordingError) {
        guard let failure else { return }
        throw RecordingError(.unreadable, "sound (\(format)) cannot be resampled: \(failure)")
    }
}
