/// A picture's width and height in pixels.
public struct PictureSize: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The width.
    public var width: Int
    /// The height.
    public var height: Int

    /// Makes a size.
    public init(_ width: Int, _ height: Int) {
        self.width = width
        self.height = height
    }

    /// Such as `640×480`.
    public var description: String { "\(width)×\(height)" }

    /// The number of pixels.
    public var pixels: Int { width * height }
}

/// The sizes between two ends, in steps; one size where the ends are the same.
public struct SizeRange: Hashable, Sendable, CustomStringConvertible {
    /// The widths on offer.
    public let width: ClosedRange<Int>
    /// From one width to the next.
    public let widthStep: Int
    /// The heights on offer.
    public let height: ClosedRange<Int>
    /// From one height to the next.
    public let heightStep: Int

    /// Makes a range; steps below 1 are taken as 1, as continuous ranges have it.
    public init(width: ClosedRange<Int>, widthStep: Int, height: ClosedRange<Int>, heightStep: Int) {
        self.width = width
        self.widthStep = max(1, widthStep)
        self.height = height
        self.heightStep = max(1, heightStep)
    }

    /// Makes a range of one size.
    public init(_ size: PictureSize) {
        self.init(width: size.width...size.width, widthStep: 1, height: size.height...size.height, heightStep: 1)
    }

    /// The only size, where there is but one.
    public var single: PictureSize? {
        width.count == 1 && height.count == 1 ? PictureSize(width.lowerBound, height.lowerBound) : nil
    }

    /// The smallest size on offer that holds `wanted`; where it is too large, the largest on offer, side by side.
    public func fitted(to wanted: PictureSize) -> PictureSize {
        PictureSize(
            Self.fitted(wanted.width, in: width, step: widthStep),
            Self.fitted(wanted.height, in: height, step: heightStep))
    }

    private static func fitted(_ wanted: Int, in range: ClosedRange<Int>, step: Int) -> Int {
        guard wanted > range.lowerBound else { return range.lowerBound }
        let last = (range.upperBound - range.lowerBound) / step
        // Both ends are far below Int's, but what is wanted may be anything.
        let steps = min(last, (min(wanted, range.upperBound) - range.lowerBound + step - 1) / step)
        return range.lowerBound + steps * step
    }

    /// Such as `640×480` or `16×16…4096×2160`.
    public var description: String {
        let least = PictureSize(width.lowerBound, height.lowerBound)
        return single == nil ? "\(least)…\(PictureSize(width.upperBound, height.upperBound))" : "\(least)"
    }
}
