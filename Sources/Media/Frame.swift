/// How the bytes of a frame hold its picture.
public enum PixelFormat: String, Sendable, Hashable, CaseIterable {
    /// 4:2:2, packed Y0 U Y1 V; one plane.
    case yuyv
    /// 4:2:0, a luma plane and a plane of interleaved U V.
    case nv12
    /// 4:2:0, three planes Y, U, V.
    case i420
    /// 4:2:2, three planes Y, U, V.
    case i422
    /// 4:4:4, three planes Y, U, V.
    case i444
    /// Packed R, G, B, eight bits each; one plane.
    case rgb24
    /// A baseline or progressive JPEG picture; one plane whose length is the number of bytes.
    case jpeg
}

/// What the luma and chroma values of a frame mean.
public struct ColorEncoding: Sendable, Hashable {
    /// The matrix that turns Y'CbCr into R'G'B'.
    public enum Matrix: String, Sendable { case bt601, bt709, bt2020 }

    /// The matrix.
    public var matrix: Matrix
    /// Whether values span 0…255 (full, as in JPEG) rather than 16…235 (limited, as in most video).
    public var isFullRange: Bool

    /// Makes an encoding.
    public init(matrix: Matrix, isFullRange: Bool) {
        self.matrix = matrix
        self.isFullRange = isFullRange
    }

    /// JPEG's own encoding: BT.601, full range.
    public static let jpeg = ColorEncoding(matrix: .bt601, isFullRange: true)
    /// The usual encoding of standard-definition video: BT.601, limited range.
    public static let video = ColorEncoding(matrix: .bt601, isFullRange: false)
}

/// One picture as a source delivered it: its format, its size, and bytes that stay where the source put them.
///
/// A frame is a lease: `storage` keeps the source's memory alive and gives it back when the last copy goes away.
/// The bytes do not change while a frame exists.
public struct Frame: Sendable {
    /// One plane of bytes.
    public struct Plane: @unchecked Sendable {  // Points into memory that `storage` keeps alive and nobody writes.
        /// The first byte.
        public let bytes: UnsafeRawBufferPointer
        /// Bytes from one row to the next; 0 for `jpeg`.
        public let stride: Int

        /// Makes a plane over memory that the frame's storage keeps alive.
        public init(bytes: UnsafeRawBufferPointer, stride: Int) {
            self.bytes = bytes
            self.stride = stride
        }
    }

    /// The format of the bytes.
    public let format: PixelFormat
    /// The width in pixels.
    public let width: Int
    /// The height in pixels.
    public let height: Int
    /// What luma and chroma mean; ignored for `rgb24`.
    public let color: ColorEncoding
    /// The planes, in the order that the format's name gives.
    public let planes: [Plane]
    /// Keeps the bytes alive.
    public let storage: any AnyObject & Sendable

    /// Makes a frame over memory that `storage` keeps alive and unchanged.
    public init(
        format: PixelFormat, width: Int, height: Int, color: ColorEncoding, planes: [Plane],
        storage: any AnyObject & Sendable
    ) {
        self.format = format
        self.width = width
        self.height = height
        self.color = color
        self.planes = planes
        self.storage = storage
    }
}
