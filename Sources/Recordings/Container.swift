import CFFmpeg
import Glibc
import Media

/// An open media file and the one stream of it that is read.
final class Container {
    /// What is wanted of a file.
    enum Medium {
        case video, sound
    }

    let context: UnsafeMutablePointer<AVFormatContext>
    let stream: UnsafeMutablePointer<AVStream>
    /// The packet that `readPacket` fills.
    let packet: UnsafeMutablePointer<AVPacket>
    /// The container's name in words, such as "matroska".
    let name: String
    let path: String
    /// What heed says of its own recordings; nil for others.
    let header: RecordingHeader?
    /// The track of notes in heed's recordings, which is read too.
    private let notes: Int32?

    /// Opens a file and finds its video or its sound; other streams are not read.
    init(_ path: String, _ medium: Medium) throws(RecordingError) {
        self.path = path
        var opened: UnsafeMutablePointer<AVFormatContext>?
        // A playlist may not lead elsewhere, and a path is a file's whatever characters it has.
        var options: OpaquePointer?
        av_dict_set(&options, "protocol_whitelist", "file", 0)
        av_dict_set(&options, "pattern_type", "none", 0)
        // What the header of a WAV file leaves out is sound all the same.
        if FileHead(path).hasMoreThanItsHeaderSays { av_dict_set(&options, "ignore_length", "1", 0) }
        let (result, reason) = FFmpeg.run { avformat_open_input(&opened, "file:\(path)", nil, &options) }
        av_dict_free(&options)
        guard result >= 0, let context = opened else { throw medium.openFailure(path, reason) }
        do throws(RecordingError) {
            stream = try medium.find(in: context, path: path)
            header = try RecordingHeader({ Self.tag($0, context.pointee.metadata) }, path: path)
            guard let packet = av_packet_alloc() else { throw RecordingError(.unreadable, "\(path): out of memory") }
            self.packet = packet
        } catch {
            avformat_close_input(&opened)
            throw error
        }
        self.context = context
        name = Self.name(context)
        var notes: Int32?
        for index in 0..<Int(context.pointee.nb_streams) {
            guard let other = context.pointee.streams[index], other != stream else { continue }
            if header != nil, notes == nil, Self.tag("HEED_NOTES", other.pointee.metadata) != nil {
                notes = Int32(index)
            } else {
                other.pointee.discard = AVDISCARD_ALL
            }
        }
        self.notes = notes
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
        var context: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&context)
    }

    /// The turn that sets the stream's pictures upright, to the nearest quarter.
    var rotation: Frame.Rotation {
        var size = 0
        guard let data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size),
            size >= 9 * MemoryLayout<Int32>.size
        else { return .none }
        // FFmpeg counts the other way round, and gives NaN for a matrix that is none.
        let turn = data.withMemoryRebound(to: Int32.self, capacity: 9) { -av_display_rotation_get($0) }
        guard turn.isFinite else { return .none }
        let quarters = Int((turn / 90).rounded()) & 3
        return Frame.Rotation(rawValue: quarters * 90) ?? .none
    }

    /// The codec's name in words, such as "h264".
    var codecName: String { String(cString: avcodec_get_name(stream.pointee.codecpar.pointee.codec_id)) }

    /// Reads the next packet of the stream, or a note, into `packet`; false at the end, also when that comes too early.
    func readPacket() throws(RecordingError) -> Bool {
        while true {
            av_packet_unref(packet)
            let (result, reason) = FFmpeg.run { av_read_frame(context, packet) }
            if result == heed_averror_eof { return false }
            if result < 0 {
                if missingEnd() != nil { return false }
                throw RecordingError(.unreadable, "\(path): reading stops: \(reason)")
            }
            let index = packet.pointee.stream_index
            if index == stream.pointee.index || index == notes { return true }
        }
    }

    /// What heed wrote down about the stream; nil where it says nothing.
    func tag(_ name: String) -> String? { Self.tag(name, stream.pointee.metadata) }

    /// Whether `packet` is a note; what it says, where that can be read.
    var note: (isNote: Bool, content: RecordedNote?) {
        guard packet.pointee.stream_index != stream.pointee.index else { return (false, nil) }
        let line = UnsafeRawBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size))
        return (true, RecordedNote(line: line))
    }

    /// What heed wrote down beside `packet`.
    var timing: BlockTiming? {
        var size = 0
        guard header != nil,
            let data = av_packet_get_side_data(packet, AV_PKT_DATA_MATROSKA_BLOCKADDITIONAL, &size), size > 8
        else { return nil }
        return BlockTiming(UnsafeRawBufferPointer(start: data + 8, count: size - 8))
    }

    private static func tag(_ name: String, _ tags: OpaquePointer?) -> String? {
        av_dict_get(tags, name, nil, 0).map { String(cString: $0.pointee.value) }
    }

    /// Opens the stream's decoder, which the caller frees; `configure` sets what is particular to the medium.
    func openDecoder(
        _ configure: (inout AVCodecContext) -> Void
    ) throws(RecordingError) -> UnsafeMutablePointer<AVCodecContext> {
        guard let codec = avcodec_find_decoder(stream.pointee.codecpar.pointee.codec_id) else {
            throw RecordingError(
                .unreadable,
                "\(path): FFmpeg's library here has no decoder for its codec, \(codecName); convert the file")
        }
        var decoder = avcodec_alloc_context3(codec)
        let (result, reason) = FFmpeg.run {
            guard let decoder else { return -12 }
            let copied = avcodec_parameters_to_context(decoder, stream.pointee.codecpar)
            if copied < 0 { return copied }
            decoder.pointee.pkt_timebase = stream.pointee.time_base
            // Cores belong to the recognisers.
            decoder.pointee.thread_count = 1
            configure(&decoder.pointee)
            return avcodec_open2(decoder, codec, nil)
        }
        guard result >= 0, let decoder else {
            avcodec_free_context(&decoder)
            throw RecordingError(.unreadable, "\(path): the decoder for \(codecName) does not start: \(reason)")
        }
        return decoder
    }

    /// What is missing at the file's end, in words; nil when the file is as long as its header promises.
    func missingEnd() -> String? {
        guard case .file(let size)? = try? FileSystem.kind(of: path), let promised = promisedSize(),
            promised > size
        else { return nil }
        return "the file is truncated: its header promises \(promised) bytes, it has \(size)"
    }

    /// The bytes that the file must have to hold all that its header names.
    private func promisedSize() -> Int? {
        let head = FileHead(path)
        switch name {
        case "matroska": return head.matroskaSize
        case "avi", "wav": return head.riffSize
        default:
            // MP4 and its kin keep an index of all frames.
            let count = avformat_index_get_entries_count(stream)
            return (0..<count).lazy.compactMap { index in
                avformat_index_get_entry(self.stream, index).map { Int($0.pointee.pos) + Int($0.pointee.size) }
            }.max()
        }
    }

    /// The first of the names that FFmpeg gives a container, the one people use.
    fileprivate static func name(_ context: UnsafeMutablePointer<AVFormatContext>) -> String {
        guard let format = context.pointee.iformat, let name = format.pointee.name else { return "" }
        let names = String(cString: name)
        return names.hasPrefix("mov,mp4") ? "mp4" : String(names.prefix { $0 != "," })
    }
}

extension Container.Medium {
    private var code: RecordingError.Code { self == .video ? .notAVideo : .noSound }
    private var type: AVMediaType { self == .video ? AVMEDIA_TYPE_VIDEO : AVMEDIA_TYPE_AUDIO }

    fileprivate func find(
        in context: UnsafeMutablePointer<AVFormatContext>, path: String
    ) throws(RecordingError) -> UnsafeMutablePointer<AVStream> {
        let container = Container.name(context)
        // A text file is a picture of its letters to FFmpeg, and a playlist is no recording.
        guard !["tty", "concat", "hls"].contains(container) else {
            throw RecordingError(
                code, "\(path): is not \(self == .video ? "a video" : "sound") (FFmpeg takes it for '\(container)')")
        }
        let (result, reason) = FFmpeg.run { avformat_find_stream_info(context, nil) }
        guard result >= 0 else { throw RecordingError(.unreadable, "\(path): cannot be read: \(reason)") }
        let index = av_find_best_stream(context, type, -1, -1, nil, 0)
        guard index >= 0, let stream = context.pointee.streams[Int(index)],
            stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
        else {
            let kinds = (0..<Int(context.pointee.nb_streams)).compactMap { index -> String? in
                guard let stream = context.pointee.streams[index],
                    let kind = av_get_media_type_string(stream.pointee.codecpar.pointee.codec_type)
                else { return nil }
                let isCover = stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0
                return isCover ? "a cover picture" : String(cString: kind)
            }
            throw RecordingError(
                code,
                "\(path): has no \(self == .video ? "video" : "sound")"
                    + (kinds.isEmpty ? "" : ", only \(kinds.joined(separator: ", "))"))
        }
        return stream
    }

    fileprivate func openFailure(_ path: String, _ reason: String) -> RecordingError {
        if reason.contains("moov atom not found"), FileHead(path).isMP4 {
            return RecordingError(
                .truncated,
                "\(path): the file is truncated: it ends before its index (\(reason)); nothing of it can be read")
        }
        return RecordingError(
            code,
            "\(path): is not a \(self == .video ? "video" : "sound or video file") that FFmpeg's libraries read, or is "
                + "damaged: \(reason)")
    }
}
