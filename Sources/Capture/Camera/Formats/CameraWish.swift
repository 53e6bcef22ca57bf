public import Media

/// What is wanted of a camera.
public struct CameraWish: Hashable, Sendable {
    /// The least size that serves.
    public var size: PictureSize
    /// The frames wanted a second.
    public var rate: Double
    /// The pixel format to take whatever it costs; nil lets heed choose.
    public var format: PixelFormat?
    /// The bytes a second that the bus carries; nil where it is not known.
    public var bandwidth: Double?

    /// Makes a wish.
    public init(
        size: PictureSize = PictureSize(640, 480), rate: Double = 30, format: PixelFormat? = nil,
        bandwidth: Double? = nil
    ) {
        self.size = size
        self.rate = rate
        self.format = format
        self.bandwidth = bandwidth
    }
}

/// One format, size and interval that a camera can deliver.
public struct CameraMode: Hashable, Sendable, CustomStringConvertible {
    /// The driver's name of the format.
    public let code: FourCC
    /// The format.
    public let format: PixelFormat
    /// The size.
    public let size: PictureSize
    /// The interval; nil where the driver does not tell.
    public let interval: FrameInterval?

    /// Makes a mode.
    public init(code: FourCC, format: PixelFormat, size: PictureSize, interval: FrameInterval?) {
        self.code = code
        self.format = format
        self.size = size
        self.interval = interval
    }

    /// Such as `YUYV 640×480 30/s`.
    public var description: String { "\(code) \(size) \(interval.map { "\($0)" } ?? "at an unknown rate")" }

    /// The bytes of an uncompressed picture; 0 for one whose size is not known beforehand.
    var byteCount: Int {
        (0..<format.planeCount).reduce(0) { sum, plane in
            let part = format.planeSize(plane, width: size.width, height: size.height)
            return sum + part.rowBytes * part.rows
        }
    }
}
