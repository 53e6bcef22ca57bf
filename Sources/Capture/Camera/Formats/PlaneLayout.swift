import Media

/// Where the planes of a picture lie in a driver's buffer.
struct PlaneLayout: Hashable {
    struct Plane: Hashable {
        var offset: Int
        var stride: Int
        /// The bytes from its first to its last.
        var byteCount: Int
    }

    /// The planes in Media's order; empty for `jpeg`, whose bytes are as many as the driver says.
    let planes: [Plane]
    /// The bytes that a whole picture takes at least.
    let byteCount: Int

    /// Lays out a picture whose first plane has `bytesPerRow` from one row to the next; nil when a row does not fit in.
    init?(_ code: FourCC, format: PixelFormat, size: PictureSize, bytesPerRow: Int) {
        guard format != .jpeg else {
            planes = []
            byteCount = 4  // The least that a JPEG file has: its two marks.
            return
        }
        let first = format.planeSize(0, width: size.width, height: size.height)
        // A driver that leaves it open has rows without padding.
        let stride = bytesPerRow == 0 ? first.rowBytes : bytesPerRow
        guard first.rowBytes > 0, stride >= first.rowBytes, stride < 1 << 24, size.height < 1 << 16 else { return nil }
        var planes: [Plane] = []
        var offset = 0
        for index in 0..<format.planeCount {
            let part = format.planeSize(index, width: size.width, height: size.height)
            // The kernel ties the rows of the chroma planes to those of luma: as long, or half where there are half.
            let own = index == 0 || format == .nv12 || format == .i444 ? stride : stride / 2
            guard own >= part.rowBytes else { return nil }
            planes.append(Plane(offset: offset, stride: own, byteCount: own * (part.rows - 1) + part.rowBytes))
            offset += own * part.rows
        }
        byteCount = planes.reduce(0) { max($0, $1.offset + $1.byteCount) }
        if code.swapsChroma { planes.swapAt(1, 2) }
        self.planes = planes
    }
}
