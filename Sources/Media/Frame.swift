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

    /// The clockwise turn, in degrees, that sets a picture upright.
    public enum Rotation: Int, Sendable {
        case none = 0
        case quarter = 90
        case half = 180
        case threeQuarters = 270
    }

    /// The format of the bytes.
    public let format: PixelFormat
    /// The width in pixels; for `jpeg` what the source says, the picture's own header rules.
    public let width: Int
    /// The height in pixels; see `width`.
    public let height: Int
    /// What luma and chroma mean; ignored for `rgb24` and `jpeg`.
    public let color: ColorEncoding
    /// The planes, in the order that the format's name gives.
    public let planes: [Plane]
    /// How the picture must be turned to stand upright, as a phone's video says of itself.
    public let rotation: Rotation
    /// Keeps the bytes alive.
    public let storage: any AnyObject & Sendable

    /// Makes a frame over memory that `storage` keeps alive and unchanged.
    public init(
        format: PixelFormat, width: Int, height: Int, color: ColorEncoding, planes: [Plane],
        rotation: Rotation = .none, storage: any AnyObject & Sendable
    ) {
        self.format = format
        self.width = width
        self.height = height
        self.color = color
        self.planes = planes
        self.rotation = rotation
        self.storage = storage
    }
}
