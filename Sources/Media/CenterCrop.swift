/// Which part of a picture a recogniser sees: the largest centred rectangle of the recogniser's shape, less a margin.
///
/// For a square input of side S it is the centred square of side min(width, height) · S / (S + margin), a fraction of
/// a pixel included: the crop that EfficientNet-lite was evaluated with (margin 32).
public struct CenterCrop: Sendable, Hashable, Codable {
    /// The margin, in pixels of the recogniser's input; 0 takes all that fits.
    public var margin: Int

    /// Makes a crop.
    public init(margin: Int = 32) { self.margin = margin }

    /// The rectangle of a picture of `width` × `height` pixels that becomes `targetWidth` × `targetHeight` pixels.
    ///
    /// Pixel (0, 0) covers 0…1 on both axes. All sizes must be positive and `margin` not negative.
    public func rectangle(
        width: Int, height: Int, targetWidth: Int, targetHeight: Int
    ) -> (left: Double, top: Double, width: Double, height: Double) {
        let side = Double(min(targetWidth, targetHeight))
        let shape = Double(targetWidth) / Double(targetHeight)
        let cropWidth = min(Double(width), Double(height) * shape) * side / (side + Double(margin))
        let cropHeight = min(Double(height), Double(width) / shape) * side / (side + Double(margin))
        return (
            (Double(width) - cropWidth) / 2, (Double(height) - cropHeight) / 2, cropWidth, cropHeight
        )
    }
}
