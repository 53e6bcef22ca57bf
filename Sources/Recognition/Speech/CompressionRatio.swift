import CZLib

/// How much a text repeats itself, as Whisper judges it: its length over that of zlib's compressed form.
enum CompressionRatio {
    /// The ratio for a text's UTF-8; 0 for none.
    ///
    /// Source: openai/whisper, `utils.py`, `compression_ratio`: zlib at its usual level, so that the limit of 2.4
    /// holds.
    static func of(_ text: String) -> Double {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return 0 }
        var length = compressBound(uLong(bytes.count))
        var compressed = [UInt8](repeating: 0, count: Int(length))
        // With the bound's room and level, zlib can only run out of memory; a text of its own length then repeats
        // nothing.
        guard compress(&compressed, &length, bytes, uLong(bytes.count)) == Z_OK, length > 0 else { return 1 }
        return Double(bytes.count) / Double(length)
    }
}
