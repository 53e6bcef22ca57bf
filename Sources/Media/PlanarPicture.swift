import CLibYUV

/// How pictures lie in memory for codecs that take no packed ones.
public enum PlanarLayout: Sendable, Hashable {
    /// One plane of luma.
    case gray
    /// 4:2:0, three planes.
    case i420
    /// 4:2:2, three planes.
    case i422
    /// 4:4:4, three planes.
    case i444
    /// One plane of blue, green, red and a byte that means nothing.
    case bgrx

    /// The layout that takes pictures of a format bit by bit; nil for `jpeg`.
    public init?(_ format: PixelFormat) {
        switch format {
        case .gray: self = .gray
        case .nv12, .i420: self = .i420
        case .yuyv, .uyvy, .i422: self = .i422
        case .i444: self = .i444
        case .rgb24: self = .bgrx
        case .jpeg: return nil
        }
    }
}

/// A plane of bytes that is being written.
public struct PicturePlane {
    /// The first byte.
    public let bytes: UnsafeMutablePointer<UInt8>
    /// Bytes from one row to the next.
    public let stride: Int

    /// Makes a plane over memory of the caller.
    public init(bytes: UnsafeMutablePointer<UInt8>, stride: Int) {
        self.bytes = bytes
        self.stride = stride
    }
}

extension Frame {
    /// Copies the picture into planes of its format's ``PlanarLayout``; bytes change their place, never their value.
    ///
    /// The planes must have room for the picture. Throws `wrongSize` where the frame's own planes do not hold it, or
    /// where a packed 4:2:2 picture has an odd width, and `unsupportedFormat` for `jpeg`.
    public func copy(into target: [PicturePlane]) throws(MediaError) {
        try validate()
        try Self.checkPlanar(format, width: width, count: target.count)
        let (width32, height32) = (Int32(width), Int32(height))
        func from(_ index: Int) -> (UnsafePointer<UInt8>?, Int32) {
            (planes[index].bytes.assumingMemoryBound(to: UInt8.self).baseAddress, Int32(planes[index].stride))
        }
        func to(_ index: Int) -> (UnsafeMutablePointer<UInt8>, Int32) {
            (target[index].bytes, Int32(target[index].stride))
        }
        let (first, stride) = from(0)
        let (y, yStride) = to(0)
        switch format {
        case .yuyv, .uyvy:
            let ((u, uStride), (v, vStride)) = (to(1), to(2))
            let split = format == .yuyv ? YUY2ToI422 : UYVYToI422
            _ = split(first, stride, y, yStride, u, uStride, v, vStride, width32, height32)
        case .rgb24: RAWToARGB(first, stride, y, yStride, width32, height32)
        case .nv12:
            let ((u, uStride), (v, vStride), chroma) = (to(1), to(2), from(1))
            CopyPlane(first, stride, y, yStride, width32, height32)
            SplitUVPlane(
                chroma.0, chroma.1, u, uStride, v, vStride, (width32 + 1) / 2, (height32 + 1) / 2)
        case .i420, .i422, .i444, .gray:
            for index in planes.indices {
                let size = format.planeSize(index, width: width, height: height)
                let ((input, inputStride), (output, outputStride)) = (from(index), to(index))
                CopyPlane(input, inputStride, output, outputStride, Int32(size.rowBytes), Int32(size.rows))
            }
        case .jpeg: break
        }
    }

    /// The picture that `copy(into:)` has put into planes, as it was, in memory of its own.
    ///
    /// Throws what `copy(into:)` throws, and `wrongSize` for a size that is none. The planes must hold the picture.
    public static func packed(
        _ format: PixelFormat, width: Int, height: Int, color: ColorEncoding, rotation: Rotation = .none,
        from source: [PicturePlane]
    ) throws(MediaError) -> Frame {
        try checkSize(width: width, height: height, what: format.rawValue)
        try checkPlanar(format, width: width, count: source.count)
        let sizes = (0..<format.planeCount).map { format.planeSize($0, width: width, height: height) }
        let storage = PictureBytes(count: sizes.reduce(0) { $0 + $1.rowBytes * $1.rows })
        var offset = 0
        var planes: [Plane] = []
        for size in sizes {
            let bytes = storage.bytes[offset..<offset + size.rowBytes * size.rows]
            planes.append(Plane(bytes: UnsafeRawBufferPointer(rebasing: bytes), stride: size.rowBytes))
            offset += size.rowBytes * size.rows
        }
        func to(_ index: Int) -> (UnsafeMutablePointer<UInt8>?, Int32) {
            let bytes = UnsafeMutableRawBufferPointer(mutating: planes[index].bytes)
            return (bytes.assumingMemoryBound(to: UInt8.self).baseAddress, Int32(planes[index].stride))
        }
        func from(_ index: Int) -> (UnsafePointer<UInt8>, Int32) {
            (UnsafePointer(source[index].bytes), Int32(source[index].stride))
        }
        let (width32, height32) = (Int32(width), Int32(height))
        let (y, yStride) = from(0)
        let (first, stride) = to(0)
        switch format {
        case .yuyv, .uyvy:
            let ((u, uStride), (v, vStride)) = (from(1), from(2))
            let merge = format == .yuyv ? I422ToYUY2 : I422ToUYVY
            _ = merge(y, yStride, u, uStride, v, vStride, first, stride, width32, height32)
        case .rgb24: ARGBToRAW(y, yStride, first, stride, width32, height32)
        case .nv12:
            let ((u, uStride), (v, vStride), chroma) = (from(1), from(2), to(1))
            CopyPlane(y, yStride, first, stride, width32, height32)
            MergeUVPlane(
                u, uStride, v, vStride, chroma.0, chroma.1, (width32 + 1) / 2, (height32 + 1) / 2)
        case .i420, .i422, .i444, .gray:
            for (index, size) in sizes.enumerated() {
                let ((input, inputStride), (output, outputStride)) = (from(index), to(index))
                CopyPlane(input, inputStride, output, outputStride, Int32(size.rowBytes), Int32(size.rows))
            }
        case .jpeg: break
        }
        return Frame(
            format: format, width: width, height: height, color: color, planes: planes, rotation: rotation,
            storage: storage)
    }

    private static func checkPlanar(_ format: PixelFormat, width: Int, count: Int) throws(MediaError) {
        guard let layout = PlanarLayout(format) else {
            throw MediaError(.unsupportedFormat, "a \(format.rawValue) picture has no planes to rearrange")
        }
        guard count == (layout == .gray || layout == .bgrx ? 1 : 3) else {
            throw MediaError(.wrongSize, "\(count) planes are not those of a \(format.rawValue) picture")
        }
        guard format != .yuyv && format != .uyvy || width % 2 == 0 else {
            throw MediaError(
                .wrongSize, "a \(format.rawValue) picture \(width) pixels wide has half a pair of pixels in each row")
        }
    }
}
