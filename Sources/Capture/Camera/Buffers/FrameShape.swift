import Media

/// What all frames of a stream have in common.
struct FrameShape: Hashable, Sendable {
    let format: PixelFormat
    let size: PictureSize
    let color: ColorEncoding
    /// Where the planes of its frames lie.
    let layout: PlaneLayout
    /// Whether the driver's pictures become frames only through a `PictureConverter`.
    let isConverted: Bool
    /// The bytes that a whole picture of the driver's has at least.
    var leastBytes: Int { isConverted ? 1 : layout.byteCount }

    /// The shape of what the driver says it will deliver; nil when its numbers do not hold a picture.
    init?(_ taken: V4L2.Format) {
        let isConverted = taken.code.isConverted
        guard
            let format = taken.code.pixelFormat, taken.memoryCount == 1, taken.width > 0, taken.height > 0,
            let layout = PlaneLayout(
                taken.code, format: format, size: PictureSize(taken.width, taken.height),
                bytesPerRow: isConverted ? 0 : taken.bytesPerRow)
        else { return nil }
        if let converted = ConvertedFormat.all[taken.code] {
            // libv4l rounds down what Media rounds up.
            if format == .i420, taken.width % 2 != 0 || taken.height % 2 != 0 { return nil }
            let rowBytes = converted.rowBytes(width: taken.width) ?? 0
            guard taken.bytesPerRow == 0 || taken.bytesPerRow >= rowBytes else { return nil }
        }
        self.format = format
        size = PictureSize(taken.width, taken.height)
        color = format == .jpeg ? .jpeg : taken.color
        self.layout = layout
        self.isConverted = isConverted
    }

    /// The planes of a picture that fills `bytes`.
    func planes(_ bytes: UnsafeRawBufferPointer) -> [Frame.Plane] {
        if format == .jpeg { return [Frame.Plane(bytes: bytes, stride: 0)] }
        return layout.planes.map { plane in
            Frame.Plane(
                bytes: UnsafeRawBufferPointer(rebasing: bytes[plane.offset..<plane.offset + plane.byteCount]),
                stride: plane.stride)
        }
    }
}
