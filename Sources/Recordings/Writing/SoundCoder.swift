import CFFmpeg
import Media

/// Makes a packet of each block of sound that gives each bit back: in the microphone's own encoding, or as FLAC.
///
/// For one thread.
final class SoundCoder {
    private let format: SoundFormat
    private let storage: SoundTrack.Storage
    /// FLAC's encoder, for blocks of `frames`.
    private var encoder: UnsafeMutablePointer<AVCodecContext>?
    private var frames = 0

    /// The longest block that FLAC takes.
    private static let longestBlock = 65_535
    /// A shorter one is to FLAC the last of a stream.
    private static let shortestBlock = 16

    /// Makes a coder.
    ///
    /// Throws `notStorable` for sound that cannot be stored as asked.
    init(_ track: SoundTrack) throws(RecordingError) {
        format = track.format
        storage = track.storage
        guard format.channels > 0, (1...768_000).contains(format.rate) else {
            throw RecordingError(.notStorable, "no sound has \(format)")
        }
        guard storage == .flac else { return }
        guard storage.holds(format) else {
            throw RecordingError(
                .notStorable,
                "FLAC holds sound of 16 or 24 bits and up to 8 channels, not \(format); store it as PCM")
        }
        try open(frames: 4_096)
    }

    deinit { avcodec_free_context(&encoder) }

    /// Describes the stream.
    func describe(_ parameters: UnsafeMutablePointer<AVCodecParameters>) {
        if let encoder {
            avcodec_parameters_from_context(parameters, encoder)
            // Blocks have whatever length the microphone gives them: 16 to 65535, says the header's first four bytes.
            if parameters.pointee.extradata_size >= 4, let header = parameters.pointee.extradata {
                (header[0], header[1], header[2], header[3]) = (0, 16, 0xFF, 0xFF)
            }
            return
        }
        parameters.pointee.codec_type = AVMEDIA_TYPE_AUDIO
        parameters.pointee.codec_id =
            switch format.encoding {
            case .signed16: AV_CODEC_ID_PCM_S16LE
            case .signed24: AV_CODEC_ID_PCM_S24LE
            case .signed32: AV_CODEC_ID_PCM_S32LE
            case .float32: AV_CODEC_ID_PCM_F32LE
            }
        parameters.pointee.sample_rate = Int32(format.rate)
        parameters.pointee.bits_per_coded_sample = Int32(8 * format.encoding.byteCount)
        parameters.pointee.block_align = Int32(format.frameByteCount)
        parameters.pointee.format = format.encoding.libraryFormat.rawValue
        av_channel_layout_default(&parameters.pointee.ch_layout, Int32(format.channels))
    }

    /// Makes the packet of a block.
    ///
    /// Throws `unreadable` where the block does not have the bytes that its length takes.
    func encode(_ block: SoundBlock, into packet: UnsafeMutablePointer<AVPacket>) throws(RecordingError) {
        guard block.frames > 0, block.bytes.count == block.frames * format.frameByteCount else {
            throw RecordingError(
                .unreadable, "a block of \(block.frames) frames of sound (\(format)) has \(block.bytes.count) bytes")
        }
        guard storage == .flac else {
            var failure: RecordingError?
            block.bytes.withUnsafeBytes { bytes in
                do throws(RecordingError) { try MatroskaMuxer.fill(packet, bytes) } catch { failure = error }
            }
            if let failure { throw failure }
            return
        }
        guard block.frames <= Self.longestBlock else {
            throw RecordingError(.notStorable, "FLAC holds blocks of \(Self.longestBlock) frames, not \(block.frames)")
        }
        if block.frames != frames || frames < Self.shortestBlock { try open(frames: block.frames) }
        try encodeFLAC(block, into: packet)
    }

    private func encodeFLAC(_ block: SoundBlock, into packet: UnsafeMutablePointer<AVPacket>) throws(RecordingError) {
        var frame = av_frame_alloc()
        defer { av_frame_free(&frame) }
        let bytes = format.encoding == .signed24 ? SoundFormat.Encoding.widened(block.bytes) : block.bytes
        let (result, reason) = FFmpeg.run {
            guard let frame, let encoder else { return -12 }
            frame.pointee.format = encoder.pointee.sample_fmt.rawValue
            frame.pointee.nb_samples = Int32(block.frames)
            av_channel_layout_default(&frame.pointee.ch_layout, Int32(format.channels))
            let allocated = av_frame_get_buffer(frame, 0)
            guard allocated >= 0, let data = frame.pointee.data.0 else { return allocated }
            bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: data, count: $0.count).copyMemory(from: $0) }
            let sent = avcodec_send_frame(encoder, frame)
            return sent < 0 ? sent : avcodec_receive_packet(encoder, packet)
        }
        guard result >= 0 else { throw RecordingError(.notWritable, "sound cannot be coded as FLAC: \(reason)") }
    }

    /// Opens an encoder whose packets have so many frames each: one for each block, so that its time stays with it.
    private func open(frames: Int) throws(RecordingError) {
        avcodec_free_context(&encoder)
        let (result, reason) = FFmpeg.run {
            guard let codec = avcodec_find_encoder(AV_CODEC_ID_FLAC) else { return -38 }
            encoder = avcodec_alloc_context3(codec)
            guard let encoder else { return -12 }
            encoder.pointee.sample_fmt = format.encoding.libraryFormat
            encoder.pointee.bits_per_raw_sample = Int32(8 * format.encoding.byteCount)
            encoder.pointee.sample_rate = Int32(format.rate)
            av_channel_layout_default(&encoder.pointee.ch_layout, Int32(format.channels))
            encoder.pointee.frame_size = Int32(max(frames, Self.shortestBlock))
            return avcodec_open2(encoder, codec, nil)
        }
        guard result >= 0 else {
            throw RecordingError(.notStorable, "\(format) cannot be stored as FLAC: \(reason); store it as PCM")
        }
        self.frames = frames
    }
}
