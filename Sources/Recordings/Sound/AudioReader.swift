import CFFmpeg
import Media
import Units

/// Reads the sound of a file through FFmpeg's libraries, block after block.
final class AudioReader: AudioSource {
    let info: AudioInfo
    private(set) var damage = AudioDamage()

    private let container: Container
    private let decoder: SoundDecoder
    private let resampler = AudioResampler()
    private var timeline: AudioTimeline
    /// Resampled sound that is not yet given out, and the position of its first sample.
    private var pending: [Float] = []
    private var position = Duration.zero
    /// Where sound goes on after a gap, once what lies before it is given out.
    private var resumption: Duration?
    private var isDrained = false
    private var isEnded = false

    /// Takes over an open file and its stream of sound.
    init(_ container: Container, _ info: AudioInfo) throws(RecordingError) {
        self.container = container
        self.info = info
        let (path, rate) = (info.path, info.sampleRate)
        let parameters = container.stream.pointee.codecpar.pointee
        guard RecordedLimits.soundRates.contains(rate), parameters.ch_layout.nb_channels > 0 else {
            throw RecordingError(
                .unreadable,
                "\(path): its header says \(rate) samples a second and \(parameters.ch_layout.nb_channels) channels, "
                    + "which no sound has; the file is damaged")
        }
        let unit = container.stream.pointee.time_base
        let start = container.context.pointee.start_time
        timeline = AudioTimeline(
            unit: Double(unit.num) / Double(max(unit.den, 1)),
            origin: start == heed_no_pts ? nil : Double(start) / Double(AV_TIME_BASE))
        decoder = try SoundDecoder(container)
    }

    private var frame: UnsafeMutablePointer<AVFrame> { decoder.frame }

    /// The next block; nil at the end.
    ///
    /// Throws `truncated` once, after the last block, when the file ends before what its header promises.
    func next() throws(RecordingError) -> AudioBlock? {
        while true {
            if pending.count >= AudioRecording.blockSize { return takeBlock() }
            if let resumption {
                if !pending.isEmpty { return takeBlock() }
                position = resumption
                self.resumption = nil
                try resample()
                continue
            }
            if isEnded { return nil }
            if try decode() { continue }
            if !pending.isEmpty { return takeBlock() }
            isEnded = true
            if let reason = container.missingEnd() ?? missingSound() {
                throw RecordingError(
                    .truncated,
                    "\(info.path): \(reason); the sound up to there is good, the rest of the recording is lost")
            }
        }
    }

    private func takeBlock() -> AudioBlock {
        let block = AudioBlock(position: position, samples: Array(pending.prefix(AudioRecording.blockSize)))
        pending.removeFirst(block.samples.count)
        position = block.end
        return block
    }

    /// Decodes some more sound into `pending`, or up to a gap; false at the end.
    private func decode() throws(RecordingError) -> Bool {
        while true {
            let (received, reason) = FFmpeg.run { avcodec_receive_frame(decoder.context, frame) }
            if received == heed_averror_eof || received < 0 && isDrained {
                try flush()
                return false
            }
            if received == heed_averror_again {
                try feed()
                continue
            }
            if received < 0 {
                noteDamage(reason)
                continue
            }
            guard frame.pointee.nb_samples > 0, RecordedLimits.soundRates.contains(Int(frame.pointee.sample_rate))
            else {
                continue
            }
            let length = Double(frame.pointee.nb_samples) / Double(frame.pointee.sample_rate)
            let time = frame.pointee.best_effort_timestamp
            if let jump = timeline.place(time == heed_no_pts ? nil : time, length: length) {
                // What the resampler holds back belongs before the gap.
                try flush()
                resumption = max(jump, position + AudioBlock.duration(of: pending.count))
                return true
            }
            try resample()
            return true
        }
    }

    /// Gives the decoder the next packet, or the end.
    private func feed() throws(RecordingError) {
        do {
            if try container.readPacket() {
                let (sent, reason) = FFmpeg.run { avcodec_send_packet(decoder.context, container.packet) }
                if sent < 0 { noteDamage(reason) }
                return
            }
        } catch {
            isEnded = true
            throw error
        }
        isDrained = true
        avcodec_send_packet(decoder.context, nil)
    }

    private func resample() throws(RecordingError) {
        let result = resampler.append(frame, to: &pending)
        damage.samples += result.damagedSamples
        if let failure = result.failure { try fail(failure) }
    }

    private func flush() throws(RecordingError) {
        if let failure = resampler.flush(to: &pending) { try fail(failure) }
    }

    private func fail(_ reason: String) throws(RecordingError) {
        isEnded = true
        throw RecordingError(.unreadable, "\(info.path): its sound cannot be resampled: \(reason)")
    }

    private func noteDamage(_ reason: String) {
        damage.packets += 1
        damage.reason = "\(container.codecName): \(reason)"
    }

    /// What is missing by the count of samples in the header, for containers that have one and no other sign of an end.
    private func missingSound() -> String? {
        guard ["flac", "mp3"].contains(container.name), let promised = info.duration,
            container.context.pointee.duration_estimation_method == AVFMT_DURATION_FROM_STREAM,
            promised - position > .milliseconds(500)
        else { return nil }
        func seconds(_ duration: Duration) -> String { "\((duration.seconds * 10).rounded() / 10)" }
        return "the file is truncated: its header promises \(seconds(promised)) s, it has \(seconds(position)) s"
    }

    /// What the header of an open file says of its sound.
    static func info(_ container: Container) -> AudioInfo {
        let parameters = container.stream.pointee.codecpar.pointee
        return AudioInfo(
            path: container.path, format: "\(container.codecName) in \(container.name)",
            sampleRate: Int(parameters.sample_rate), channels: Int(parameters.ch_layout.nb_channels),
            duration: duration(container))
    }

    private static func duration(_ container: Container) -> Duration? {
        let stream = container.stream.pointee
        var seconds = Double(container.context.pointee.duration) / Double(AV_TIME_BASE)
        if stream.duration > 0, stream.time_base.den > 0 {
            seconds = Double(stream.duration) * Double(stream.time_base.num) / Double(stream.time_base.den)
        }
        // The header of a WAV file may promise anything; its bytes do not.
        let bits = stream.codecpar.pointee.bit_rate
        if container.name == "wav", bits > 0, case .file(let size)? = try? FileSystem.kind(of: container.path) {
            seconds = min(seconds, Double(size) * 8 / Double(bits))
        }
        return seconds > 0 && seconds < 1e9 ? .milliseconds(Int64((seconds * 1e3).rounded())) : nil
    }
}
