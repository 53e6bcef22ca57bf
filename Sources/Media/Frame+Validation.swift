extension Frame {
    /// The most pixels a picture may have: four times an 8K frame.
    static let maximumPixels = 1 << 27

    /// Throws `wrongSize` when the frame's planes do not hold what its format and size need.
    public func validate() throws(MediaError) {
        guard planes.count == format.planeCount else {
            throw MediaError(
                .wrongSize, "a \(format.rawValue) frame came with \(planes.count) planes; it has \(format.planeCount)")
        }
        if format == .jpeg { return }
        try Self.checkSize(width: width, height: height, what: format.rawValue)
        for (index, plane) in planes.enumerated() {
            let size = format.planeSize(index, width: width, height: height)
            let (lastRow, overflow) = plane.stride.multipliedReportingOverflow(by: size.rows - 1)
            guard
                plane.stride >= size.rowBytes, plane.stride <= Int(Int32.max), !overflow,
                plane.bytes.count - size.rowBytes >= lastRow, plane.bytes.baseAddress != nil
            else {
                throw MediaError(
                    .wrongSize,
                    "plane \(index) of a \(format.rawValue) frame of \(width)×\(height) has \(plane.bytes.count) bytes "
                        + "and a stride of \(plane.stride); it needs \(size.rows) rows of \(size.rowBytes) bytes")
            }
        }
    }

    /// Throws when a size is not positive or absurdly large.
    static func checkSize(width: Int, height: Int, what: String) throws(MediaError) {
        guard width > 0, height > 0, width <= maximumPixels, height <= maximumPixels, width * height <= maximumPixels
        else {
            throw MediaError(
                .wrongSize,
                "a \(what) picture of \(width)×\(height) is not usable; both sides must be positive and hold at most "
                    + "\(maximumPixels) pixels together")
        }
    }
}
