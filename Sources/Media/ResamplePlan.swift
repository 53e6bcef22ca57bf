/// How pictures of one size become tensors of one size: the axes of luma and chroma.
struct ResamplePlan {
    /// What a plan depends on.
    struct Key: Hashable {
        /// The size of the picture in memory.
        var width: Int
        var height: Int
        /// The size that the picture has by right; larger than the size in memory when a JPEG was decoded smaller.
        var fullWidth: Int
        var fullHeight: Int
        /// Pixels in memory for each pixel of the full size.
        var decodedScale: Double
        var chromaStepX: Int
        var chromaStepY: Int
        /// Whether values are coded in limited range; the pass over the columns stretches them.
        var isLimitedRange: Bool
        var crop: CenterCrop
        var targetWidth: Int
        var targetHeight: Int
    }

    let key: Key
    let lumaX: BicubicAxis
    let lumaY: BicubicAxis
    let chromaX: BicubicAxis
    let chromaY: BicubicAxis

    /// Whether an RGB or gray picture's rows are resampled before its columns.
    ///
    /// Rows first when that leaves fewer pixels to weigh, by the rule that Pillow follows since version 13: between the
    /// passes bytes are rounded and clipped, so that the order shows in the result.
    var isRowsFirst: Bool {
        key.height > key.targetHeight && key.height - key.targetHeight > 2 * (key.width - key.targetWidth)
    }

    init(_ key: Key) {
        let crop = key.crop.rectangle(
            width: key.fullWidth, height: key.fullHeight, targetWidth: key.targetWidth, targetHeight: key.targetHeight)
        func axis(
            _ start: Double, _ length: Double, _ limit: Int, _ outputs: Int, step: Int = 1, siting: Double = 0,
            range: BicubicAxis.ValueRange = .full
        ) -> BicubicAxis {
            let scale = key.decodedScale / Double(step)
            return BicubicAxis(
                start: Float(start * scale + siting), end: Float((start + length) * scale + siting),
                limit: (limit + step - 1) / step, outputs: outputs, range: range)
        }
        lumaX = axis(
            crop.left, crop.width, key.width, key.targetWidth, range: key.isLimitedRange ? .limitedLuma : .full)
        lumaY = axis(crop.top, crop.height, key.height, key.targetHeight)
        // Chroma sample j lies on luma column 2j, whose center is at 2j + ½, while its own is at j + ½: a quarter more.
        chromaX = axis(
            crop.left, crop.width, key.width, key.targetWidth, step: key.chromaStepX,
            siting: key.chromaStepX == 2 ? 0.25 : 0, range: key.isLimitedRange ? .limitedChroma : .full)
        chromaY = axis(crop.top, crop.height, key.height, key.targetHeight, step: key.chromaStepY)
        self.key = key
    }
}
