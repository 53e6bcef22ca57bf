import CLibYUV

// Rows first, for the vertical pass takes interleaved samples as they are, and fewer are left to pull apart.
extension FrameConverter {
    /// Resamples luma and chroma, each on its own grid, then converts.
    func convertYUV(_ frame: Frame, _ plan: ResamplePlan, to target: Target) {
        let planes = planes.bytes(3 * target.pixels)
        switch frame.format {
        case .yuyv, .uyvy: resamplePacked(frame, plan, into: planes, target)
        case .nv12:
            resamplePlane(frame.planes[0], plan.lumaX, plan.lumaY, into: planes)
            resampleInterleavedChroma(frame.planes[1], plan, into: planes + target.pixels, target)
        default:
            resamplePlane(frame.planes[0], plan.lumaX, plan.lumaY, into: planes)
            for index in 1..<3 {
                resamplePlane(
                    frame.planes[index], plan.chromaX, plan.chromaY, into: planes + index * target.pixels)
            }
        }
        writeRGB(planes, frame.color.matrix, to: target)
    }

    /// Converts three planes Y, U, V in full range and of the target's size, one after the other.
    private func writeRGB(_ planes: UnsafePointer<UInt8>, _ matrix: ColorEncoding.Matrix, to target: Target) {
        let table =
            switch matrix {
            case .bt601: heed_yvu_bt601()
            case .bt709: heed_yvu_bt709()
            case .bt2020: heed_yvu_bt2020()
            }
        let stride = Int32(target.width)
        // V in the place of U, with a table made for that, gives R, G, B where libyuv's RGB24 means B, G, R.
        I444ToRGB24Matrix(
            planes, stride, planes + 2 * target.pixels, stride, planes + target.pixels, stride,
            target.bytes, 3 * stride, table, stride, Int32(target.height))
    }

    private func resamplePlane(
        _ plane: Frame.Plane, _ x: BicubicAxis, _ y: BicubicAxis, into output: UnsafeMutablePointer<UInt8>
    ) {
        let width = x.upperBound - x.lowerBound
        let rows = sheet.bytes(width * y.taps.count)
        fast.down(plane.pixels + x.lowerBound, stride: plane.stride, width: width, y, into: rows)
        fast.across(
            rows, stride: width, height: y.taps.count, firstColumn: x.lowerBound, x, into: output)
    }

    private func resampleInterleavedChroma(
        _ plane: Frame.Plane, _ plan: ResamplePlan, into output: UnsafeMutablePointer<UInt8>, _ target: Target
    ) {
        let x = plan.chromaX
        let width = x.upperBound - x.lowerBound
        let rows = sheet.bytes(2 * width * target.height)
        fast.down(
            plane.pixels + 2 * x.lowerBound, stride: plane.stride, width: 2 * width, plan.chromaY, into: rows)
        let apart = second.bytes(2 * width * target.height)
        SplitUVPlane(
            rows, Int32(2 * width), apart, Int32(width), apart + width * target.height, Int32(width), Int32(width),
            Int32(target.height))
        for index in 0..<2 {
            fast.across(
                apart + index * width * target.height, stride: width, height: target.height,
                firstColumn: x.lowerBound, x, into: output + index * target.pixels)
        }
    }

    private func resamplePacked(
        _ frame: Frame, _ plan: ResamplePlan, into output: UnsafeMutablePointer<UInt8>, _ target: Target
    ) {
        // Pairs of columns, which share their chroma, from the first that luma or chroma draws from to the last.
        let first = min(plan.lumaX.lowerBound / 2, plan.chromaX.lowerBound)
        let end = max((plan.lumaX.upperBound + 1) / 2, plan.chromaX.upperBound)
        let pairs = end - first
        let height = target.height
        let packed = sheet.bytes(4 * pairs * height)
        fast.down(
            frame.planes[0].pixels + 4 * first, stride: frame.planes[0].stride, width: 4 * pairs, plan.lumaY,
            into: packed)
        let luma = second.bytes(4 * pairs * height)
        let chroma = luma + 2 * pairs * height
        let split = frame.format == .yuyv ? YUY2ToI422 : UYVYToI422
        _ = split(
            packed, Int32(4 * pairs), luma, Int32(2 * pairs), chroma, Int32(pairs), chroma + pairs * height,
            Int32(pairs), Int32(2 * pairs), Int32(height))
        fast.across(
            luma, stride: 2 * pairs, height: height, firstColumn: 2 * first, plan.lumaX, into: output)
        for index in 0..<2 {
            fast.across(
                chroma + index * pairs * height, stride: pairs, height: height, firstColumn: first, plan.chromaX,
                into: output + (1 + index) * target.pixels)
        }
    }
}
