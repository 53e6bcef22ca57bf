import CFFmpeg
import Media

// What FFmpeg's libraries call our formats.

extension PixelFormat {
    /// The format as it is; for `jpeg` none.
    var libraryFormat: AVPixelFormat {
        switch self {
        case .yuyv: AV_PIX_FMT_YUYV422
        case .uyvy: AV_PIX_FMT_UYVY422
        case .nv12: AV_PIX_FMT_NV12
        case .i420: AV_PIX_FMT_YUV420P
        case .i422: AV_PIX_FMT_YUV422P
        case .i444: AV_PIX_FMT_YUV444P
        case .gray: AV_PIX_FMT_GRAY8
        case .rgb24: AV_PIX_FMT_RGB24
        case .jpeg: AV_PIX_FMT_NONE
        }
    }

    /// The format of the ``PlanarLayout`` that takes this one.
    var losslessFormat: AVPixelFormat {
        switch PlanarLayout(self) {
        case .gray: AV_PIX_FMT_GRAY8
        case .i420: AV_PIX_FMT_YUV420P
        case .i422: AV_PIX_FMT_YUV422P
        case .i444: AV_PIX_FMT_YUV444P
        case .bgrx: AV_PIX_FMT_BGR0
        case nil: AV_PIX_FMT_NONE
        }
    }

    /// Whether each pixel of a row has its chroma; the last of an odd row of packed 4:2:2 has a companion out of sight.
    func chromaIsWhole(width: Int) -> Bool { self != .yuyv && self != .uyvy || width % 2 == 0 }
}

extension ColorEncoding {
    /// The range of values; RGB and JPEG have all.
    func libraryRange(_ format: PixelFormat) -> AVColorRange {
        isFullRange || format == .rgb24 || format == .jpeg ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
    }

    /// The matrix.
    func librarySpace(_ format: PixelFormat) -> AVColorSpace {
        if format == .rgb24 { return AVCOL_SPC_RGB }
        return switch format == .jpeg ? .bt601 : matrix {
        case .bt601: AVCOL_SPC_SMPTE170M
        case .bt709: AVCOL_SPC_BT709
        case .bt2020: AVCOL_SPC_BT2020_NCL
        }
    }
}

extension AVFrame {
    /// The planes that the frame's format has, to be written.
    var planes: [PicturePlane] {
        [(data.0, linesize.0), (data.1, linesize.1), (data.2, linesize.2)].compactMap { bytes, stride in
            bytes.map { PicturePlane(bytes: $0, stride: Int(stride)) }
        }
    }
}
