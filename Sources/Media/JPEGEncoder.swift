import CTurboJPEG

/// Encodes RGB pictures as JPEG with libjpeg-turbo; one handle and one buffer, reused, on one thread at a time.
public final class JPEGEncoder {
    private var handle: tjhandle?
    private var buffer: [UInt8] = []

    /// Makes an encoder; memory comes with the first picture.
    public init() {}

    deinit {
        if let handle { tjDestroy(handle) }
    }

    /// Encodes `height` × `width` × 3 bytes of R, G, B, rows from the top, at a quality from 1 to 100.
    ///
    /// - Throws: `wrongSize` when the bytes are not so many, `unsupportedFormat` when libjpeg-turbo refuses.
    public func encode(
        _ pixels: UnsafeRawBufferPointer, width: Int, height: Int, quality: Int
    ) throws(MediaError) -> ArraySlice<UInt8> {
        guard width > 0, height > 0, width <= 1 << 14, height <= 1 << 14, pixels.count == width * height * 3,
            let bytes = pixels.bindMemory(to: UInt8.self).baseAddress
        else {
            throw MediaError(
                .wrongSize, "\(pixels.count) bytes are no \(width)×\(height) RGB picture of \(width * height * 3)")
        }
        let handle = try open()
        let bound = Int(tjBufSize(Int32(width), Int32(height), Int32(TJSAMP_420.rawValue)))
        if buffer.count < bound { buffer = Array(repeating: 0, count: bound) }
        var size = UInt(buffer.count)
        let result = buffer.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            return tjCompress2(
                handle, bytes, Int32(width), 0, Int32(height), Int32(TJPF_RGB.rawValue), &start, &size,
                Int32(TJSAMP_420.rawValue), Int32(min(max(quality, 1), 100)), TJFLAG_NOREALLOC | TJFLAG_FASTDCT)
        }
        guard result == 0 else {
            throw MediaError(.unsupportedFormat, "libjpeg-turbo: \(String(cString: tjGetErrorStr2(handle)))")
        }
        return buffer[..<Int(size)]
    }

    private func open() throws(MediaError) -> tjhandle {
        if let handle { return handle }
        guard let made = tjInitCompress() else {
            throw MediaError(
                .unsupportedFormat, "libjpeg-turbo does not start: \(String(cString: tjGetErrorStr2(nil)))")
        }
        handle = made
        return made
    }
}
