public import Media

/// What is wanted of a camera.
public struct CameraWish: Hashable, Sendable {
    /// The least size that serves.
    public var size: PictureSize
    /// The frames wanted a second.
    public var rate: Double
    /// The pixel format to take whatever it costs; nil lets heed choose.
    public var format: PixelFormat?
    /// The driver's own name of the format to take, one of those that heed reads as `format`; nil for any.
    public var code: FourCC?
    /// The bytes a second that the bus carries; nil where it is not known.
    public var bandwidth: Double?

    /// Makes a wish.
    public init(
        size: PictureSize = PictureSize(640, 480), rate: Double = 30, format: PixelFormat? = nil,
        code: FourCC? = nil, bandwidth: Double? = nil
    ) {
        self.size = size
        self.rate = rate
        self.format = format
        self.code = code
        self.bandwidth = bandwidth
    }

    /// Whether a format that a driver offers may serve.
    func takes(_ offered: FourCC) -> Bool {
        (format == nil || offered.pixelFormat == format) && (code == nil || offered == code)
    }
}

/// One format, size and interval that a camera can deliver.
public struct CameraMode: Hashable, Sendable, CustomStringConvertible {
    /// The driver's name of the format.
    public let code: FourCC
    /// The format in which heed reads its pictures.
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
        if code.isConverted { return 0 }
        return (0..<format.planeCount).reduce(0) { sum, plane in
            let part = format.planeSize(plane, width: size.width, height: size.height)
            return sum + part.rowBytes * part.rows
        }
    }
}
