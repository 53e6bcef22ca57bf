import CTurboJPEG

/// Decodes JPEG pictures with libjpeg-turbo; one handle, reused from picture to picture, on one thread at a time.
final class JPEGDecoder {
    /// What a picture's header says.
    struct Header {
        var width: Int
        var height: Int
        var isGray: Bool
        var isCMYK: Bool
    }

    private var handle: tjhandle?

    deinit { close() }

    /// Reads the header.
    func header(of data: UnsafeRawBufferPointer) throws(MediaError) -> Header {
        let handle = try open()
        guard let bytes = data.bindMemory(to: UInt8.self).baseAddress, !data.isEmpty else {
            throw MediaError(.corruptPicture, "the JPEG picture is empty")
        }
        var width: Int32 = 0
        var height: Int32 = 0
        var subsampling: Int32 = 0
        var colorSpace: Int32 = 0
        let result = tjDecompressHeader3(
            handle, bytes, UInt(data.count), &width, &height, &subsampling, &colorSpace)
        if result != 0 { try check(handle) }
        guard width > 0, height > 0 else {
            close()
            throw MediaError(.corruptPicture, "the JPEG data hold no picture: they end before its frame header")
        }
        try Frame.checkSize(width: Int(width), height: Int(height), what: "JPEG")
        return Header(
            width: Int(width), height: Int(height), isGray: colorSpace == Int32(TJCS_GRAY.rawValue),
            isCMYK: colorSpace == Int32(TJCS_CMYK.rawValue) || colorSpace == Int32(TJCS_YCCK.rawValue))
    }

    /// Decodes into `width` × `height` pixels without gaps: 1 byte a pixel if gray, 4 if CMYK, else R, G, B.
    ///
    /// `width` and `height` are the header's, times 1, ½, ¼ or ⅛, rounded up.
    func decode(
        _ data: UnsafeRawBufferPointer, header: Header, width: Int, height: Int,
        into pixels: UnsafeMutablePointer<UInt8>
    ) throws(MediaError) {
        let handle = try open()
        guard let bytes = data.bindMemory(to: UInt8.self).baseAddress else { return }
        let format = header.isGray ? TJPF_GRAY : header.isCMYK ? TJPF_CMYK : TJPF_RGB
        // The scan limit stops a small file of thousands of scans from taking minutes.
        let result = tjDecompress2(
            handle, bytes, UInt(data.count), pixels, Int32(width), 0, Int32(height), Int32(format.rawValue),
            TJFLAG_LIMITSCANS)
        if result != 0 { try check(handle) }
    }

    private func open() throws(MediaError) -> tjhandle {
        if let handle { return handle }
        guard let made = tjInitDecompress() else {
            throw MediaError(
                .unsupportedFormat, "libjpeg-turbo does not start: \(String(cString: tjGetErrorStr2(nil)))")
        }
        handle = made
        return made
    }

    /// Throws what libjpeg-turbo complained about, unless the picture is whole all the same.
    ///
    /// Damage is only a warning to libjpeg-turbo, which fills in gray and goes on.
    private func check(_ handle: tjhandle) throws(MediaError) {
        let text = String(cString: tjGetErrorStr2(handle))
        if tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue), Self.isHarmless(text) { return }
        close()
        let isUnsupported = text.contains("Unsupported JPEG process") || text.contains("Unsupported color")
        throw MediaError(isUnsupported ? .unsupportedFormat : .corruptPicture, "libjpeg-turbo: \(text)")
    }

    /// Lets the handle go: after a picture without a frame header it would find none in the next one either.
    private func close() {
        if let handle { tjDestroy(handle) }
        handle = nil
    }

    /// Whether a warning leaves the picture whole: some cameras put a few stray bytes between segments.
    ///
    /// Many stray bytes mean that the decoder lost its way in damaged data and was done too early.
    private static func isHarmless(_ text: String) -> Bool {
        if text.contains("unknown JFIF revision") { return true }
        guard text.contains("extraneous bytes") else { return false }
        return text.split(separator: " ").lazy.compactMap { Int($0) }.first.map { $0 <= 64 } ?? false
    }
}
