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
        var crop: CenterCrop
        var targetWidth: Int
        var targetHeight: Int
    }

    let key: Key
    let lumaX: BicubicAxis
    let lumaY: BicubicAxis
    let chromaX: BicubicAxis
    let chromaY: BicubicAxis

    init(_ key: Key) {
        let crop = key.crop.rectangle(
            width: key.fullWidth, height: key.fullHeight, targetWidth: key.targetWidth, targetHeight: key.targetHeight)
        let scale = key.decodedScale
        lumaX = BicubicAxis(
            start: crop.left * scale, length: crop.width * scale, limit: key.width, outputs: key.targetWidth)
        lumaY = BicubicAxis(
            start: crop.top * scale, length: crop.height * scale, limit: key.height, outputs: key.targetHeight)
        // Chroma sample j lies on luma column 2j, whose center is at 2j + ½, while its own is at j + ½: a quarter more.
        let siting = key.chromaStepX == 2 ? 0.25 : 0
        let stepX = Double(key.chromaStepX)
        let stepY = Double(key.chromaStepY)
        chromaX = BicubicAxis(
            start: crop.left * scale / stepX + siting, length: crop.width * scale / stepX,
            limit: (key.width + key.chromaStepX - 1) / key.chromaStepX, outputs: key.targetWidth)
        chromaY = BicubicAxis(
            start: crop.top * scale / stepY, length: crop.height * scale / stepY,
            limit: (key.height + key.chromaStepY - 1) / key.chromaStepY, outputs: key.targetHeight)
        self.key = key
    }
}
