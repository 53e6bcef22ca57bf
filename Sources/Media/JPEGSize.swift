/// The size that a JPEG picture's header states, found without decoding.
public struct JPEGSize: Sendable, Hashable {
    /// The width in pixels.
    public let width: Int
    /// The height in pixels.
    public let height: Int

    /// Reads the size; nil when `data` does not start like a JPEG picture or ends before its frame header.
    ///
    /// Looks at markers only (ITU-T T.81, B.1.1): a few steps whatever the picture's length.
    public init?(_ data: UnsafeRawBufferPointer) {
        guard data.count > 4, data[0] == 0xFF, data[1] == 0xD8 else { return nil }
        var position = 2
        while position + 9 <= data.count {
            guard data[position] == 0xFF else { return nil }
            let marker = data[position + 1]
            switch marker {
            case 0xFF:  // a fill byte
                position += 1
                continue
            case 0x01, 0xD0...0xD7:  // markers without a segment
                position += 2
                continue
            case 0xC4, 0xC8, 0xCC: break  // tables, amid the frame headers' numbers
            case 0xC0...0xCF:
                height = Int(data[position + 5]) << 8 | Int(data[position + 6])
                width = Int(data[position + 7]) << 8 | Int(data[position + 8])
                return
            case 0xD8...0xDA: return nil  // the scan begins, or the picture ends, and no frame header came
            default: break
            }
            position += 2 + (Int(data[position + 2]) << 8 | Int(data[position + 3]))
        }
        return nil
    }
}
