import CLibYUV

extension FrameConverter {
    /// Resamples packed R, G, B.
    func convertRGB(_ pixels: UnsafePointer<UInt8>, stride: Int, _ plan: ResamplePlan, to target: Target) {
        let columns = plan.lumaX.upperBound - plan.lumaX.lowerBound
        var packed = pixels + 3 * plan.lumaX.lowerBound
        var packedStride = stride
        var rows = target.height
        if plan.isRowsFirst {
            let weighed = narrow.bytes(3 * columns * rows)
            exact.down(packed, stride: stride, width: 3 * columns, plan.lumaY, into: weighed)
            packed = UnsafePointer(weighed)
            packedStride = 3 * columns
        } else {
            rows = plan.lumaY.upperBound - plan.lumaY.lowerBound
            packed += plan.lumaY.lowerBound * stride
        }
        let colors = second.bytes(3 * columns * rows)
        SplitRGBPlane(
            packed, Int32(packedStride), colors, Int32(columns), colors + columns * rows, Int32(columns),
            colors + 2 * columns * rows, Int32(columns), Int32(columns), Int32(rows))
        let planes = planes.bytes(3 * target.pixels)
        for color in 0..<3 {
            finish(
                colors + color * columns * rows, stride: columns, firstColumn: plan.lumaX.lowerBound, plan,
                into: planes + color * target.pixels)
        }
        MergeRGBPlane(
            planes, Int32(target.width), planes + target.pixels, Int32(target.width), planes + 2 * target.pixels,
            Int32(target.width), target.bytes, Int32(3 * target.width), Int32(target.width), Int32(target.height))
    }

    /// Resamples luma without chroma.
    func convertGray(
        _ pixels: UnsafePointer<UInt8>, stride: Int, _ plan: ResamplePlan, to target: Target
    ) {
        let planes = planes.bytes(target.pixels)
        if plan.isRowsFirst {
            let columns = plan.lumaX.upperBound - plan.lumaX.lowerBound
            let weighed = narrow.bytes(columns * target.height)
            exact.down(
                pixels + plan.lumaX.lowerBound, stride: stride, width: columns, plan.lumaY, into: weighed)
            finish(weighed, stride: columns, firstColumn: plan.lumaX.lowerBound, plan, into: planes)
        } else {
            finish(pixels + plan.lumaY.lowerBound * stride, stride: stride, firstColumn: 0, plan, into: planes)
        }
        MergeRGBPlane(
            planes, Int32(target.width), planes, Int32(target.width), planes, Int32(target.width), target.bytes,
            Int32(3 * target.width), Int32(target.width), Int32(target.height))
    }

    /// Resamples what is left of one plane: its columns, and its rows where that was not done first.
    ///
    /// `rows` is the first row the plan draws from, or the first of the finished ones.
    private func finish(
        _ rows: UnsafePointer<UInt8>, stride: Int, firstColumn: Int, _ plan: ResamplePlan,
        into output: UnsafeMutablePointer<UInt8>
    ) {
        if plan.isRowsFirst {
            exact.across(
                rows, stride: stride, height: plan.lumaY.taps.count, firstColumn: firstColumn, plan.lumaX, into: output)
            return
        }
        let height = plan.lumaY.upperBound - plan.lumaY.lowerBound
        let width = plan.lumaX.taps.count
        let narrow = narrow.bytes(width * height)
        exact.across(rows, stride: stride, height: height, firstColumn: firstColumn, plan.lumaX, into: narrow)
        exact.down(narrow - plan.lumaY.lowerBound * width, stride: width, width: width, plan.lumaY, into: output)
    }
}
