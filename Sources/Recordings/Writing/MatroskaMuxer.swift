import CFFmpeg
import Media
import Units

/// Writes packets into a Matroska file, through libavformat, so that the file is whole after each `flush`.
///
/// For one thread.
final class MatroskaMuxer {
    /// What the header says beyond the codecs.
    typealias Tags = [String: String]

    private let file: RecordingFile
    private let context: UnsafeMutablePointer<AVFormatContext>
    private let output: UnsafeMutablePointer<AVIOContext>
    private let packet: UnsafeMutablePointer<AVPacket>
    /// The time of each stream's last packet, in milliseconds.
    private var lastTimes: [Int64] = []
    private var hasHeader = false

    /// Makes a muxer that writes nothing before `begin`.
    init(_ file: RecordingFile, tags: Tags) throws(RecordingError) {
        var context: UnsafeMutablePointer<AVFormatContext>?
        avformat_alloc_output_context2(&context, nil, "matroska", nil)
        let opaque = Unmanaged.passUnretained(file).toOpaque()
        let output = heed_output_open(
            opaque, 1 << 16, { MatroskaMuxer.write($0, $1, $2) }, { MatroskaMuxer.seek($0, $1, $2) })
        guard let context, let output, let packet = av_packet_alloc() else {
            avformat_free_context(context)
            heed_output_close(output)
            throw RecordingError(.notWritable, "\(file.path): out of memory")
        }
        self.file = file
        self.context = context
        self.output = output
        self.packet = packet
        context.pointee.pb = output
        // Times are the run's own: the first need not be 0.
        context.pointee.avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED
        for (key, value) in tags where !value.isEmpty { av_dict_set(&context.pointee.metadata, key, value, 0) }
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
        avformat_free_context(context)
        heed_output_close(output)
    }

    /// Adds a stream; `configure` says what it holds. Returns its number. To be called before `begin`.
    func addStream(tags: Tags, _ configure: (UnsafeMutablePointer<AVStream>) -> Void) throws(RecordingError) -> Int {
        guard let stream = avformat_new_stream(context, nil) else {
            throw RecordingError(.notWritable, "\(file.path): out of memory")
        }
        for (key, value) in tags where !value.isEmpty { av_dict_set(&stream.pointee.metadata, key, value, 0) }
        configure(stream)
        lastTimes.append(-1)
        return lastTimes.count - 1
    }

    /// Writes the header.
    func begin() throws(RecordingError) {
        let (result, reason) = FFmpeg.run { avformat_write_header(context, nil) }
        try check(result, reason)
        hasHeader = true
        try flush()
    }

    /// Writes a packet that `fill` makes, of a sample captured at `time` since the origin.
    ///
    /// Players get times in milliseconds, none before 0 and each later than the last; `timing` has the true ones.
    func write(
        _ stream: Int, at time: Duration, lasting length: Duration = .zero, timing: BlockTiming? = nil,
        _ fill: (UnsafeMutablePointer<AVPacket>) throws(RecordingError) -> Void
    ) throws(RecordingError) {
        defer { av_packet_unref(packet) }
        try fill(packet)
        let milliseconds = Int64((time.milliseconds).rounded())
        packet.pointee.pts = max(milliseconds, lastTimes[stream] + 1)
        packet.pointee.dts = packet.pointee.pts
        packet.pointee.duration = Int64(length.milliseconds.rounded())
        packet.pointee.stream_index = Int32(stream)
        packet.pointee.flags = AV_PKT_FLAG_KEY
        lastTimes[stream] = packet.pointee.pts
        if let timing { try attach(timing.bytes) }
        let (result, reason) = FFmpeg.run { av_write_frame(context, packet) }
        try check(result, reason)
    }

    /// Ends the cluster: all that was written before is in the file, which is whole.
    func flush() throws(RecordingError) {
        let (result, reason) = FFmpeg.run {
            let flushed = av_write_frame(context, nil)
            avio_flush(output)
            return flushed
        }
        if file.failure == nil { file.commitCluster() }
        try check(result, reason)
    }

    /// Writes what comes at the end, which lets players jump about; once.
    func end() throws(RecordingError) {
        guard hasHeader else { return }
        try flush()
        hasHeader = false
        let (result, reason) = FFmpeg.run {
            let ended = av_write_trailer(context)
            avio_flush(output)
            return ended
        }
        if file.failure == nil, result >= 0 { file.commitCluster() }
        try check(result, reason)
    }

    /// Copies bytes into a packet.
    static func fill(_ packet: UnsafeMutablePointer<AVPacket>, _ bytes: UnsafeRawBufferPointer) throws(RecordingError) {
        guard av_new_packet(packet, Int32(clamping: bytes.count)) >= 0, let data = packet.pointee.data else {
            throw RecordingError(.notWritable, "out of memory for a packet of \(bytes.count) bytes")
        }
        UnsafeMutableRawBufferPointer(start: data, count: bytes.count).copyMemory(from: bytes)
    }

    /// Puts what belongs to a block beside it, as its codec's own addition (Matroska's BlockAddID 1).
    private func attach(_ bytes: [UInt8]) throws(RecordingError) {
        let kind = AV_PKT_DATA_MATROSKA_BLOCKADDITIONAL
        guard let data = av_packet_new_side_data(packet, kind, 8 + bytes.count) else {
            throw RecordingError(.notWritable, "\(file.path): out of memory")
        }
        for index in 0..<8 { data[index] = index == 7 ? 1 : 0 }
        for (index, byte) in bytes.enumerated() { data[8 + index] = byte }
    }

    private func check(_ result: Int32, _ reason: String) throws(RecordingError) {
        // The file knows better than the library why it could not be written.
        if let failure = file.failure { throw failure }
        guard result < 0 else { return }
        throw RecordingError(.notWritable, "\(file.path): cannot be written as Matroska: \(reason)")
    }

    private static func write(_ opaque: UnsafeMutableRawPointer?, _ bytes: UnsafePointer<UInt8>?, _ count: Int32)
        -> Int32
    {
        guard let opaque else { return heed_averror_eof }
        let file = Unmanaged<RecordingFile>.fromOpaque(opaque).takeUnretainedValue()
        return file.write(UnsafeRawBufferPointer(start: bytes, count: Int(count))) ? count : heed_averror_eof
    }

    private static func seek(_ opaque: UnsafeMutableRawPointer?, _ offset: Int64, _ whence: Int32) -> Int64 {
        guard let opaque else { return -1 }
        let file = Unmanaged<RecordingFile>.fromOpaque(opaque).takeUnretainedValue()
        return file.seek(offset, whence & ~Int32(AVSEEK_FORCE)) ?? -1
    }
}
