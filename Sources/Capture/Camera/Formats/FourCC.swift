public import Media

/// Video4Linux's four-letter name of a pixel format.
public struct FourCC: Hashable, Sendable, CustomStringConvertible {
    /// The letters as the kernel packs them, the first in the lowest byte.
    public let code: UInt32

    /// Makes a name from the kernel's number.
    public init(code: UInt32) { self.code = code }

    /// Makes a name from its letters; short names are filled up with blanks, as the kernel does.
    public init(_ letters: String) {
        let bytes = Array(letters.utf8.prefix(4)) + Array(repeating: 0x20, count: max(0, 4 - letters.utf8.count))
        code = bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The letters, without blanks at the end.
    public var description: String {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: code >> (8 * $0)) }
        let letters = bytes.map { $0 >= 0x20 && $0 < 0x7f ? Character(UnicodeScalar($0)) : "?" }
        return String(String(letters).reversed().drop { $0 == " " }.reversed())
    }

    /// The format in which heed reads its pictures; nil for a format that heed cannot read.
    public var pixelFormat: PixelFormat? { Self.known[self] ?? ConvertedFormat.all[self]?.format }

    /// Whether its pictures must be converted by libv4l before heed can read them.
    public var isConverted: Bool { ConvertedFormat.all[self] != nil }

    /// Whether V comes before U where Media's format has U first.
    var swapsChroma: Bool { self == FourCC("YV12") }

    private static let known: [FourCC: PixelFormat] = [
        FourCC("YUYV"): .yuyv, FourCC("UYVY"): .uyvy, FourCC("NV12"): .nv12, FourCC("YU12"): .i420,
        FourCC("YV12"): .i420, FourCC("422P"): .i422, FourCC("GREY"): .gray, FourCC("RGB3"): .rgb24,
        FourCC("MJPG"): .jpeg, FourCC("JPEG"): .jpeg,
    ]
}
