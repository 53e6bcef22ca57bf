import CFFmpeg
import Media

/// Makes packets of a camera's frames that give each bit back: JPEG pictures as they are, others as FFV1 or raw.
///
/// For one thread.
final class VideoCoder {
    private enum Method {
        case copy
        case raw
        case lossless(UnsafeMutablePointer<AVCodecContext>, UnsafeMutablePointer<AVFrame>)
    }

    private let method: Method
    private let format: PixelFormat
    private let width: Int
    private let height: Int
    private let color: ColorEncoding

    /// Makes a coder for frames like this one.
    ///
    /// Throws `notStorable` for a format that cannot be stored as asked.
    init(like frame: Frame, storage: VideoTrack.Storage) throws(RecordingError) {
        format = frame.format
        width = frame.width
        height = frame.height
        color = frame.color
        if format == .jpeg {
            method = .copy
        } else if storage == .raw {
            guard Self.rawFormats.contains(format) else {
                let names = Self.rawFormats.map(\.rawValue).joined(separator: ", ")
                throw RecordingError(
                    .notStorable,
                    "Matroska does not hold raw \(format.rawValue) frames, only \(names); store them lossless")
            }
            method = .raw
        } else {
            method = try Self.lossless(frame)
        }
    }

    deinit {
        guard case .lossless(let encoder, let picture) = method else { return }
        var context: UnsafeMutablePointer<AVCodecContext>? = encoder
        avcodec_free_context(&context)
        var frame: UnsafeMutablePointer<AVFrame>? = picture
        av_frame_free(&frame)
    }

    /// What FFmpeg's players read without a warning (FFmpeg 5.1).
    private static let rawFormats: [PixelFormat] = [.yuyv, .uyvy, .nv12, .i420, .i422, .gray]

    private static let smallestSide = 16

    /// Whether a frame can go into the same stream.
    func takes(_ frame: Frame) -> Bool {
        frame.format == format && frame.width == width && frame.height == height
            && (format == .jpeg || frame.color == color)
    }

    /// The mode in words.
    var description: String { "\(width)×\(height) \(format.rawValue)" }

    /// Describes the stream.
    func describe(_ parameters: UnsafeMutablePointer<AVCodecParameters>) {
        if case .lossless(let encoder, _) = method {
            avcodec_parameters_from_context(parameters, encoder)
        } else {
            parameters.pointee.codec_type = AVMEDIA_TYPE_VIDEO
            parameters.pointee.codec_id = format == .jpeg ? AV_CODEC_ID_MJPEG : AV_CODEC_ID_RAWVIDEO
            parameters.pointee.width = Int32(width)
            parameters.pointee.height = Int32(height)
            if format != .jpeg {
                parameters.pointee.format = format.libraryFormat.rawValue
                parameters.pointee.codec_tag = avcodec_pix_fmt_to_codec_tag(format.libraryFormat)
            }
        }
        parameters.pointee.color_range = color.libraryRange(format)
        parameters.pointee.color_space = color.librarySpace(format)
    }

    /// Makes the packet of a frame.
    ///
    /// Throws `unreadable` for a frame that does not hold its picture.
    func encode(_ frame: Frame, into packet: UnsafeMutablePointer<AVPacket>) throws(RecordingError) {
        switch method {
        case .copy:
            guard let plane = frame.planes.first, !plane.bytes.isEmpty else {
                throw RecordingError(.unreadable, "a JPEG frame has no bytes")
            }
            try MatroskaMuxer.fill(packet, plane.bytes)
        case .raw: try encodeRaw(frame, into: packet)
        case .lossless(let encoder, let picture): try encode(frame, encoder, picture, into: packet)
        }
    }

    private func encodeRaw(_ frame: Frame, into packet: UnsafeMutablePointer<AVPacket>) throws(RecordingError) {
        do { try frame.validate() } catch { throw RecordingError(.unreadable, error.message) }
        let sizes = frame.planes.indices.map { format.planeSize($0, width: width, height: height) }
        let count = sizes.reduce(0) { $0 + $1.rowBytes * $1.rows }
        guard av_new_packet(packet, Int32(clamping: count)) >= 0, var data = packet.pointee.data else {
            throw RecordingError(.notWritable, "out of memory for a packet of \(count) bytes")
        }
        for (plane, size) in zip(frame.planes, sizes) {
            for row in 0..<size.rows {
                let bytes = plane.bytes[row * plane.stride..<row * plane.stride + size.rowBytes]
                UnsafeMutableRawBufferPointer(start: data, count: size.rowBytes)
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes))
                data += size.rowBytes
            }
        }
    }

    private func encode(
        _ frame: Frame, _ encoder: UnsafeMutablePointer<AVCodecContext>, _ picture: UnsafeMutablePointer<AVFrame>,
        into packet: UnsafeMutablePointer<AVPacket>
    ) throws(RecordingError) {
        guard av_frame_make_writable(picture) >= 0 else { throw RecordingError(.notWritable, "out of memory") }
        do { try frame.copy(into: picture.pointee.planes) } catch { throw RecordingError(.unreadable, error.message) }
        let (result, reason) = FFmpeg.run {
            let sent = avcodec_send_frame(encoder, picture)
            return sent < 0 ? sent : avcodec_receive_packet(encoder, packet)
        }
        guard result >= 0 else { throw RecordingError(.notWritable, "a frame cannot be coded as FFV1: \(reason)") }
    }

    private static func lossless(_ frame: Frame) throws(RecordingError) -> Method {
        // FFmpeg 5.1 was seen to lose a picture of one pixel.
        guard frame.width >= smallestSide, frame.height >= smallestSide,
            frame.format.chromaIsWhole(width: frame.width)
        else {
            throw RecordingError(
                .notStorable,
                "\(frame.width)×\(frame.height) \(frame.format.rawValue) frames cannot be stored lossless: both sides "
                    + "must have \(smallestSide) pixels, and rows of yuyv and uyvy an even number")
        }
        let format = frame.format.losslessFormat
        guard let codec = avcodec_find_encoder(AV_CODEC_ID_FFV1) else {
            throw RecordingError(
                .notStorable, "FFmpeg's library here has no FFV1; choose a JPEG mode of the camera, or store frames raw"
            )
        }
        var encoder = avcodec_alloc_context3(codec)
        var picture = av_frame_alloc()
        let (result, reason) = FFmpeg.run {
            guard let encoder, let picture else { return -12 }
            encoder.pointee.width = Int32(frame.width)
            encoder.pointee.height = Int32(frame.height)
            encoder.pointee.pix_fmt = format
            encoder.pointee.time_base = AVRational(num: 1, den: 1000)
            encoder.pointee.color_range = frame.color.libraryRange(frame.format)
            encoder.pointee.colorspace = frame.color.librarySpace(frame.format)
            // Version 3: pictures are cut into slices that two cores code and that carry a check sum each. Every
            // picture is whole in itself.
            encoder.pointee.level = 3
            encoder.pointee.gop_size = 1
            // A few pixels cannot be cut.
            encoder.pointee.slices = frame.width >= 128 && frame.height >= 128 ? 4 : 0
            encoder.pointee.thread_count = 2
            encoder.pointee.thread_type = FF_THREAD_SLICE
            av_opt_set_int(encoder.pointee.priv_data, "slicecrc", 1, 0)
            let opened = avcodec_open2(encoder, codec, nil)
            if opened < 0 { return opened }
            picture.pointee.format = format.rawValue
            picture.pointee.width = encoder.pointee.width
            picture.pointee.height = encoder.pointee.height
            return av_frame_get_buffer(picture, 0)
        }
        guard result >= 0, let encoder, let picture else {
            avcodec_free_context(&encoder)
            av_frame_free(&picture)
            throw RecordingError(
                .notStorable,
                "\(frame.width)×\(frame.height) \(frame.format.rawValue) frames cannot be stored as FFV1: \(reason)")
        }
        return .lossless(encoder, picture)
    }
}
