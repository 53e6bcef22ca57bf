/// How the bytes of a frame hold its picture.
///
/// Chroma of the subsampled formats is sited as in MPEG-2 and most cameras: in line with the even luma columns, halfway
/// between the rows.
public enum PixelFormat: String, Sendable, Hashable, CaseIterable {
    /// 4:2:2, packed Y0 U Y1 V; one plane.
    case yuyv
    /// 4:2:2, packed U Y0 V Y1; one plane.
    case uyvy
    /// 4:2:0, a luma plane and a plane of interleaved U V.
    case nv12
    /// 4:2:0, three planes Y, U, V.
    case i420
    /// 4:2:2, three planes Y, U, V.
    case i422
    /// 4:4:4, three planes Y, U, V.
    case i444
    /// Luma only; one plane.
    case gray
    /// Packed R, G, B, eight bits each; one plane.
    case rgb24
    /// A baseline or progressive JPEG picture; one plane whose length is the number of bytes.
    case jpeg

    /// The number of planes.
    public var planeCount: Int {
        switch self {
        case .yuyv, .uyvy, .gray, .rgb24, .jpeg: 1
        case .nv12: 2
        case .i420, .i422, .i444: 3
        }
    }

    /// The bytes in a row and the rows of plane `index` of a picture; (0, 0) for `jpeg`.
    ///
    /// Odd widths and heights round up where chroma is subsampled.
    public func planeSize(_ index: Int, width: Int, height: Int) -> (rowBytes: Int, rows: Int) {
        let step = chromaStep
        let chromaWidth = (width + step.x - 1) / step.x
        let chromaHeight = (height + step.y - 1) / step.y
        return switch self {
        case .jpeg: (0, 0)
        case .rgb24: (3 * width, height)
        case .yuyv, .uyvy: (4 * chromaWidth, height)
        case .nv12 where index > 0: (2 * chromaWidth, chromaHeight)
        case .i420 where index > 0, .i422 where index > 0, .i444 where index > 0: (chromaWidth, chromaHeight)
        case .nv12, .i420, .i422, .i444, .gray: (width, height)
        }
    }

    /// Luma columns and rows for each chroma sample.
    var chromaStep: (x: Int, y: Int) {
        switch self {
        case .nv12, .i420: (2, 2)
        case .yuyv, .uyvy, .i422: (2, 1)
        case .i444, .gray, .rgb24, .jpeg: (1, 1)
        }
    }
}
