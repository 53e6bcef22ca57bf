import Media

/// What all frames of a stream have in common.
struct FrameShape: Hashable, Sendable {
    let format: PixelFormat
    let size: PictureSize
    let color: ColorEncoding
    let layout: PlaneLayout

    /// The shape of what the driver says it will deliver; nil when its numbers do not hold a picture.
    init?(_ taken: V4L2.Format) {
        guard
            let format = taken.code.pixelFormat, taken.memoryCount == 1, taken.width > 0, taken.height > 0,
            let layout = PlaneLayout(
                taken.code, format: format, size: PictureSize(taken.width, taken.height),
                bytesPerRow: taken.bytesPerRow)
        else { return nil }
        self.format = format
        size = PictureSize(taken.width, taken.height)
        color = format == .jpeg ? .jpeg : taken.color
        self.layout = layout
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
