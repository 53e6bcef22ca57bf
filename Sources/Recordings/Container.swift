import CFFmpeg
import Glibc
import Media

/// An open media file and the stream of video in it.
final class Container {
    let context: UnsafeMutablePointer<AVFormatContext>
    let stream: UnsafeMutablePointer<AVStream>
    /// The container's name in words, such as "matroska".
    let name: String
    private let path: String

    /// Opens a file and finds its video; other streams are not read.
    init(_ path: String) throws(RecordingError) {
        self.path = path
        var opened: UnsafeMutablePointer<AVFormatContext>?
        // A playlist may not lead elsewhere, and a path is a file's whatever characters it has.
        var options: OpaquePointer?
        av_dict_set(&options, "protocol_whitelist", "file", 0)
        av_dict_set(&options, "pattern_type", "none", 0)
        let (result, reason) = FFmpeg.run { avformat_open_input(&opened, "file:\(path)", nil, &options) }
        av_dict_free(&options)
        guard result >= 0, let context = opened else { throw Self.openFailure(path, reason) }
        do {
            stream = try Self.findVideo(context, path: path)
        } catch {
            avformat_close_input(&opened)
            throw error
        }
        self.context = context
        name = Self.name(context)
        for index in 0..<Int(context.pointee.nb_streams) where index != Int(stream.pointee.index) {
            context.pointee.streams[index]?.pointee.discard = AVDISCARD_ALL
        }
    }

    deinit {
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

    /// What is missing at the file's end, in words; nil when the file is as long as its header promises.
    func missingEnd() -> String? {
        guard case .file(let size)? = try? FileSystem.kind(of: path), let promised = promisedSize(),
            promised > size
        else { return nil }
        return "the file is truncated: its header promises \(promised) bytes, it has \(size)"
    }

    /// The bytes that the file must have to hold all that its header names.
    private func promisedSize() -> Int? {
        let head = Self.head(of: path)
        switch name {
        case "matroska": return matroskaSize(head)
        case "avi":
            guard head.count >= 8 else { return nil }
            // A file that was never finished says 0, one beyond its first list more than that.
            let size = (0..<4).reduce(0) { $0 | Int(head[4 + $1]) << (8 * $1) }
            return size == 0 || size == 0xFFFF_FFFF ? nil : size + 8
        default:
            // MP4 and its kin keep an index of all frames.
            let count = avformat_index_get_entries_count(stream)
            return (0..<count).lazy.compactMap { index in
                avformat_index_get_entry(self.stream, index).map { Int($0.pointee.pos) + Int($0.pointee.size) }
            }.max()
        }
    }

    private static func findVideo(
        _ context: UnsafeMutablePointer<AVFormatContext>, path: String
    ) throws(RecordingError) -> UnsafeMutablePointer<AVStream> {
        let container = name(context)
        // A text file is a picture of its letters to FFmpeg, and a playlist is no recording.
        guard !["tty", "concat", "hls"].contains(container) else {
            throw RecordingError(.notAVideo, "\(path): is not a video (FFmpeg takes it for '\(container)')")
        }
        let (result, reason) = FFmpeg.run { avformat_find_stream_info(context, nil) }
        guard result >= 0 else { throw RecordingError(.unreadable, "\(path): cannot be read: \(reason)") }
        let index = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0)
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
                .notAVideo,
                "\(path): has no video\(kinds.isEmpty ? "" : ", only \(kinds.joined(separator: ", "))")")
        }
        return stream
    }

    private static func openFailure(_ path: String, _ reason: String) -> RecordingError {
        // FFmpeg takes a file for MP4 by its name alone; one that is starts with a box of these.
        let boxes = ["ftyp", "moov", "mdat", "wide", "free", "skip"].map { Array($0.utf8) }
        if reason.contains("moov atom not found"), boxes.contains(Array(head(of: path).dropFirst(4).prefix(4))) {
            return RecordingError(
                .truncated,
                "\(path): the file is truncated: it ends before the index of its frames (\(reason)); nothing of it can "
                    + "be read"
            )
        }
        return RecordingError(
            .notAVideo, "\(path): is not a video that FFmpeg's libraries read, or is damaged: \(reason)")
    }

    /// The first bytes of the file.
    private static func head(of path: String) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return }
            count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
            close(descriptor)
        }
    }

    /// The first of the names that FFmpeg gives a container, the one people use.
    private static func name(_ context: UnsafeMutablePointer<AVFormatContext>) -> String {
        guard let format = context.pointee.iformat, let name = format.pointee.name else { return "" }
        let names = String(cString: name)
        return names.hasPrefix("mov,mp4") ? "mp4" : String(names.prefix { $0 != "," })
    }
}

/// The size of a Matroska file by its header, the end of the segment; nil when that was left open, as live recordings do.
///
/// An EBML head and the segment's head: each an ID, then a size, both of variable length (RFC 8794, 4 to 6).
private func matroskaSize(_ head: [UInt8]) -> Int? {
    var position = 0
    func number(keepingMarker: Bool) -> (value: Int, isUnknown: Bool)? {
        guard position < head.count else { return nil }
        let length = head[position].leadingZeroBitCount + 1
        guard length <= 8, position + length <= head.count else { return nil }
        var value = keepingMarker ? Int(head[position]) : Int(head[position]) & (0xFF >> length)
        for byte in head[position + 1..<position + length] { value = value << 8 | Int(byte) }
        position += length
        return (value, value == (1 << (7 * length)) - 1)
    }
    guard number(keepingMarker: true)?.value == 0x1A45_DFA3, let header = number(keepingMarker: false),
        !header.isUnknown
    else { return nil }
    position += header.value
    guard number(keepingMarker: true)?.value == 0x1853_8067, let segment = number(keepingMarker: false),
        !segment.isUnknown
    else { return nil }
    return position + segment.value
}
