import CFFmpeg
public import Media
import Units

/// The sound of a recording of heed as its microphone gave it: the same blocks, samples, times and gaps.
///
/// One thread at a time uses a recording; it may be handed over as a whole.
public final class SoundRecording {
    /// What was recorded.
    public enum Event: Sendable, Hashable {
        /// Sound that reached heed at `arrived`.
        case sound(SoundBlock, arrived: MonotonicTime)
        /// Sound that is missing.
        case gap(SoundGap, arrived: MonotonicTime)
    }

    /// The microphone's format.
    public let format: SoundFormat
    /// The origin of the run that was recorded; all times are on the clock of then.
    public let origin: MonotonicTime
    /// Packets that could not be decoded, of which the sound is missing, and why the last one could not.
    private(set) var damage = AudioDamage()

    let container: Container
    private let decoder: FLACPackets?
    /// The number of the frame that follows.
    private var expected: Int64 = 0
    private var isEnded = false

    /// Opens the sound of a recording that heed made.
    ///
    /// Throws what ``AudioRecording/open(_:)`` throws, and `noSound` for the sound of others.
    public static func open(_ path: String) throws(RecordingError) -> SoundRecording {
        guard case .file(let size) = try FileSystem.kind(of: path), size > 0 else {
            throw RecordingError(.noSound, "\(path): is no recording of heed")
        }
        guard let recording = try SoundRecording(Container(path, .sound)) else {
            throw RecordingError(.noSound, "\(path): its sound was not recorded by heed")
        }
        return recording
    }

    /// Takes over an open file; nil when its sound is not heed's.
    init?(_ container: Container) throws(RecordingError) {
        guard let header = container.header,
            let encoding = container.tag("HEED_SAMPLES").flatMap(SoundFormat.Encoding.init)
        else { return nil }
        let parameters = container.stream.pointee.codecpar.pointee
        format = SoundFormat(
            rate: Int(parameters.sample_rate), channels: Int(parameters.ch_layout.nb_channels), encoding: encoding)
        guard RecordedLimits.soundRates.contains(format.rate), format.channels > 0 else {
            throw RecordingError(.unreadable, "\(container.path): no sound has \(format); its header is damaged")
        }
        origin = header.origin
        decoder = try parameters.codec_id == AV_CODEC_ID_FLAC ? FLACPackets(container, encoding) : nil
        self.container = container
    }

    /// The next block of sound or gap; nil at the end.
    ///
    /// Throws `truncated` after the last one when the file ends before what its header promises, and `unreadable`
    /// when it cannot be read on; the end follows.
    public func next() throws(RecordingError) -> Event? {
        while !isEnded {
            do {
                guard try container.readPacket() else { break }
            } catch {
                isEnded = true
                throw error
            }
            if let event = event() { return event }
        }
        guard !isEnded else { return nil }
        isEnded = true
        guard let reason = container.missingEnd() else { return nil }
        throw RecordingError(
            .truncated,
            "\(container.path): \(reason); the sound up to there is good, the rest of the recording is lost")
    }

    private func event() -> Event? {
        let (isNote, note) = container.note
        if isNote {
            guard let note, let gap = note.soundGap(origin: origin) else { return nil }
            return .gap(gap, arrived: origin + .nanoseconds(note.arrived))
        }
        guard let bytes = bytes(), bytes.count >= format.frameByteCount else { return nil }
        let frames = bytes.count / format.frameByteCount
        let length = Duration.seconds(Double(frames) / Double(format.rate))
        var block = SoundBlock(
            position: expected, frames: frames, captured: origin + position, timeQuality: .scheduled,
            rate: Double(format.rate),
            bytes: bytes.count % format.frameByteCount == 0
                ? bytes : Array(bytes.prefix(frames * format.frameByteCount)))
        var arrived = block.captured + length
        if let timing = container.timing, case .sound(let count, let rate) = timing.kind, Int(count) == frames {
            block.position = timing.number
            block.captured = origin + .nanoseconds(timing.captured)
            block.timeQuality = timing.quality
            block.rate = rate
            arrived = origin + .nanoseconds(timing.arrived)
        }
        expected = block.position + Int64(frames)
        return .sound(block, arrived: arrived)
    }

    /// The position of the packet for players, where another program took heed's own times away.
    private var position: Duration {
        let time = container.packet.pointee.pts
        let limit = RecordedLimits.times.upperBound / 1_000_000
        return time == heed_no_pts || time.magnitude > limit ? .zero : .milliseconds(time)
    }

    private func bytes() -> [UInt8]? {
        let packet = container.packet
        guard let decoder else {
            return Array(UnsafeRawBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size)))
        }
        switch decoder.decode(packet) {
        case .success(let bytes): return bytes
        case .failure(let failure):
            damage.packets += 1
            damage.reason = "flac: \(failure.message)"
            return nil
        }
    }
}
