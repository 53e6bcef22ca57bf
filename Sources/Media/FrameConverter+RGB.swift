import CLibYUV

// Columns first, then rows, as Pillow does: bytes between the two are rounded in the same place.
extension FrameConverter {
    /// Resamples packed R, G, B.
    func convertRGB(_ pixels: UnsafePointer<UInt8>, stride: Int, _ plan: ResamplePlan, to target: Target) {
        let columns = plan.lumaX.upperBound - plan.lumaX.lowerBound
        let rows = plan.lumaY.upperBound - plan.lumaY.lowerBound
        let colors = second.bytes(3 * columns * rows)
        SplitRGBPlane(
            pixels + plan.lumaY.lowerBound * stride + 3 * plan.lumaX.lowerBound, Int32(stride),
            colors, Int32(columns), colors + columns * rows, Int32(columns), colors + 2 * columns * rows,
            Int32(columns), Int32(columns), Int32(rows))
        let planes = planes.bytes(3 * target.pixels)
        for color in 0..<3 {
            resample(
                colors + color * columns * rows, stride: columns, firstColumn: plan.lumaX.lowerBound, plan,
                into: planes + color * target.pixels)
        }
        MergeRGBPlane(
            planes, Int32(target.width), planes + target.pixels, Int32(target.width), planes + 2 * target.pixels,
            Int32(target.width), target.bytes, Int32(3 * target.width), Int32(target.width), Int32(target.height))
    }

    /// Resamples luma without chroma.
    func convertGray(
        _ pixels: UnsafePointer<UInt8>, stride: Int, _ color: ColorEncoding, _ plan: ResamplePlan, to target: Target
    ) {
        let planes = planes.bytes(3 * target.pixels)
        resample(
            pixels + plan.lumaY.lowerBound * stride, stride: stride, firstColumn: 0, plan, into: planes)
        (planes + target.pixels).initialize(repeating: 128, count: 2 * target.pixels)
        writeRGB(planes, color, to: target)
    }

    /// Resamples one plane whose first row is the first that the plan's rows draw from.
    private func resample(
        _ rows: UnsafePointer<UInt8>, stride: Int, firstColumn: Int, _ plan: ResamplePlan,
        into output: UnsafeMutablePointer<UInt8>
    ) {
        let height = plan.lumaY.upperBound - plan.lumaY.lowerBound
        let width = plan.lumaX.taps.count
        let narrow = narrow.bytes(width * height)
        resampler.across(rows, stride: stride, height: height, firstColumn: firstColumn, plan.lumaX, into: narrow)
        resampler.down(narrow - plan.lumaY.lowerBound * width, stride: width, width: width, plan.lumaY, into: output)
    }
}
