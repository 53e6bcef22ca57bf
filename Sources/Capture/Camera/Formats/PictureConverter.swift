import CLibV4LConvert
import Glibc
import Media

/// Makes pictures that heed reads out of a camera's format that only libv4l's converter does.
///
/// A conversion allocates its picture. Not for two threads at a time.
final class PictureConverter {
    /// What became of a picture.
    enum Conversion {
        /// The picture has these bytes, which `storage` keeps.
        case picture(UnsafeRawBufferPointer, storage: PictureBytes)
        case damaged(FrameDamage)
    }

    private let converter: OpaquePointer
    private let source: heed_v4l_picture
    private let target: heed_v4l_picture
    /// From one row of the driver's to the next, and what of it is the picture's.
    private let stride: Int, rowBytes: Int

    /// Makes a converter from what a driver delivers to `shape`, whose rows have no padding.
    init(_ taken: V4L2.Format, to shape: FrameShape) throws(SystemCallError) {
        guard let made = heed_v4l_converter() else { throw SystemCallError(call: "v4lconvert_create", number: ENOMEM) }
        converter = made
        stride = taken.bytesPerRow
        rowBytes = ConvertedFormat.all[taken.code]?.rowBytes(width: taken.width) ?? stride
        source = heed_v4l_picture(
            fourcc: taken.code.code, width: UInt32(taken.width), height: UInt32(taken.height),
            bytes_per_row: UInt32(rowBytes), byte_count: UInt32(taken.byteCount))
        target = heed_v4l_picture(
            fourcc: FourCC(shape.format == .i420 ? "YU12" : "RGB3").code, width: source.width, height: source.height,
            bytes_per_row: UInt32(shape.layout.planes[0].stride), byte_count: UInt32(shape.layout.byteCount))
    }

    deinit { v4lconvert_destroy(converter) }

    /// Converts a picture; its own bytes may be changed.
    func convert(_ bytes: UnsafeMutableRawBufferPointer) -> Conversion {
        let bytes = withoutPadding(bytes)
        let picture = PictureBytes(count: Int(target.byte_count))
        let written = heed_v4l_convert(
            converter, source, target, bytes.bindMemory(to: UInt8.self).baseAddress, Int32(clamping: bytes.count),
            picture.memory.bindMemory(to: UInt8.self).baseAddress)
        if written == Int32(target.byte_count) { return .picture(picture.bytes, storage: picture) }
        return .damaged(written == -EPIPE || written >= 0 ? .truncated : .undecodable)
    }

    /// Moves the rows together: not all of libv4l's conversions heed their distance.
    private func withoutPadding(_ bytes: UnsafeMutableRawBufferPointer) -> UnsafeMutableRawBufferPointer {
        guard stride > rowBytes, let first = bytes.baseAddress else { return bytes }
        // The last row may come without its padding.
        let rows = (bytes.count + stride - rowBytes) / stride
        for row in 1..<max(1, rows) { memmove(first + row * rowBytes, first + row * stride, rowBytes) }
        return UnsafeMutableRawBufferPointer(rebasing: bytes[..<(rows * rowBytes)])
    }
}
