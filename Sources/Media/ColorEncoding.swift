/// What the luma and chroma values of a frame mean.
public struct ColorEncoding: Sendable, Hashable {
    /// The matrix that turns Y'CbCr into R'G'B'.
    public enum Matrix: String, Sendable, CaseIterable { case bt601, bt709, bt2020 }

    /// The matrix.
    public var matrix: Matrix
    /// Whether values span 0…255 (full, as in JPEG) rather than 16…235 (limited, as in most video).
    public var isFullRange: Bool

    /// Makes an encoding.
    public init(matrix: Matrix, isFullRange: Bool) {
        self.matrix = matrix
        self.isFullRange = isFullRange
    }

    /// JPEG's own encoding: BT.601, full range.
    public static let jpeg = ColorEncoding(matrix: .bt601, isFullRange: true)
    /// The usual encoding of standard-definition video: BT.601, limited range.
    public static let video = ColorEncoding(matrix: .bt601, isFullRange: false)
}
