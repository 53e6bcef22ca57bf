import CFFmpeg
import Media

/// A frame that FFmpeg decoded; holds a reference to its memory.
final class DecodedPicture: @unchecked Sendable {
    // Nobody writes a decoded frame, and FFmpeg counts references to its memory atomically: the decoder reuses it only
    // when this one is gone.
    let frame: UnsafeMutablePointer<AVFrame>

    /// Takes the frame over.
    init(_ frame: UnsafeMutablePointer<AVFrame>) { self.frame = frame }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
    }

    /// The picture as a frame over FFmpeg's own memory; nil when its format is none that `Media` knows.
    func wrapped(_ rotation: Frame.Rotation) -> Frame? {
        let picture = frame.pointee
        guard let format = Self.format(AVPixelFormat(picture.format)) else { return nil }
        let (width, height) = (Int(picture.width), Int(picture.height))
        var planes: [Frame.Plane] = []
        for index in 0..<format.planeCount {
            let (data, stride) =
                switch index {
                case 0: (picture.data.0, Int(picture.linesize.0))
                case 1: (picture.data.1, Int(picture.linesize.1))
                default: (picture.data.2, Int(picture.linesize.2))
                }
            let size = format.planeSize(index, width: width, height: height)
            // A picture stored from the bottom up has a negative stride.
            guard let data, stride >= size.rowBytes else { return nil }
            planes.append(
                Frame.Plane(
                    bytes: UnsafeRawBufferPointer(start: data, count: stride * (size.rows - 1) + size.rowBytes),
                    stride: stride))
        }
        return Frame(
            format: format, width: width, height: height, color: color, planes: planes, rotation: rotation,
            storage: self)
    }

    /// The frame as a camera brought it, where its codec took it in another layout; nil where it did not.
    func restored(_ format: PixelFormat, _ rotation: Frame.Rotation) -> Frame? {
        let layout = format.losslessFormat
        guard layout != format.libraryFormat, frame.pointee.format == layout.rawValue else { return nil }
        return try? Frame.packed(
            format, width: Int(frame.pointee.width), height: Int(frame.pointee.height), color: color,
            rotation: rotation, from: frame.pointee.planes)
    }

    /// What luma and chroma mean; where the file does not say, what is usual for its size and format.
    var color: ColorEncoding {
        let picture = frame.pointee
        let matrix: ColorEncoding.Matrix =
            switch picture.colorspace {
            case AVCOL_SPC_BT709, AVCOL_SPC_SMPTE240M: .bt709
            case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: .bt2020
            case AVCOL_SPC_BT470BG, AVCOL_SPC_SMPTE170M, AVCOL_SPC_FCC: .bt601
            default: picture.height <= 576 ? .bt601 : .bt709
            }
        return ColorEncoding(matrix: matrix, isFullRange: isFullRange)
    }

    private var isFullRange: Bool {
        switch AVPixelFormat(frame.pointee.format) {
        case AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUVJ440P, AV_PIX_FMT_YUVJ411P:
            true
        case let format where Self.isGray(format): frame.pointee.color_range != AVCOL_RANGE_MPEG
        default: frame.pointee.color_range == AVCOL_RANGE_JPEG
        }
    }

    private static func format(_ format: AVPixelFormat) -> PixelFormat? {
        switch format {
        case AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P: .i420
        case AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUVJ422P: .i422
        case AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUVJ444P: .i444
        case AV_PIX_FMT_NV12: .nv12
        case AV_PIX_FMT_YUYV422: .yuyv
        case AV_PIX_FMT_UYVY422: .uyvy
        case AV_PIX_FMT_GRAY8: .gray
        case AV_PIX_FMT_RGB24: .rgb24
        default: nil
        }
    }

    private static func isGray(_ format: AVPixelFormat) -> Bool {
        guard let description = av_pix_fmt_desc_get(format) else { return false }
        return description.pointee.nb_components <= 2 && description.pointee.flags & UInt64(AV_PIX_FMT_FLAG_RGB) == 0
            && description.pointee.flags & UInt64(AV_PIX_FMT_FLAG_PAL) == 0
    }

    /// The format nearest to this one among those `Media` knows: the same chroma grid, eight bits, no alpha.
    private static func nearest(_ format: AVPixelFormat) -> AVPixelFormat {
        guard let description = av_pix_fmt_desc_get(format)?.pointee else { return AV_PIX_FMT_RGB24 }
        if description.flags & UInt64(AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BAYER) != 0 {
            return AV_PIX_FMT_RGB24
        }
        if isGray(format) { return AV_PIX_FMT_GRAY8 }
        return switch (description.log2_chroma_w, description.log2_chroma_h) {
        case (1, 1): AV_PIX_FMT_YUV420P
        case (1, 0): AV_PIX_FMT_YUV422P
        default: AV_PIX_FMT_YUV444P
        }
    }
}

extension DecodedPicture {
    /// A copy in a format that `Media` knows, made by libswscale; nil, with FFmpeg's reason, when it cannot.
    ///
    /// `context` is kept by the caller and reused while pictures stay alike.
    func converted(_ context: inout OpaquePointer?) -> (copy: DecodedPicture?, reason: String) {
        let source = frame
        let format = Self.nearest(AVPixelFormat(source.pointee.format))
        guard let made = av_frame_alloc() else { return (nil, "out of memory") }
        let copy = DecodedPicture(made)
        made.pointee.format = format.rawValue
        made.pointee.width = source.pointee.width
        made.pointee.height = source.pointee.height
        made.pointee.colorspace = source.pointee.colorspace
        // The range stays what it is; only RGB is always full.
        let range: Int32 = isFullRange ? 1 : 0
        made.pointee.color_range = isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
        let (result, reason) = FFmpeg.run {
            let allocated = av_frame_get_buffer(made, 0)
            if allocated < 0 { return allocated }
            context = sws_getCachedContext(
                context, source.pointee.width, source.pointee.height, AVPixelFormat(source.pointee.format),
                made.pointee.width, made.pointee.height, format,
                Int32(SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT), nil, nil, nil)
            guard let context else { return -22 }
            let table = sws_getCoefficients(Int32(SWS_CS_DEFAULT))
            sws_setColorspaceDetails(context, table, range, table, range, 0, 1 << 16, 1 << 16)
            return sws_scale_frame(context, made, source)
        }
        return result < 0 ? (nil, reason) : (copy, "")
    }
}
