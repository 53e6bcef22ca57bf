import CLibYUV

/// The two moves that resampling a picture is made of, with the scratch memory they need.
struct PlaneResampler {
    /// Whether weights have all the bits that Pillow gives them, rather than the first fourteen.
    let isExact: Bool
    private let turned = Scratch()
    private let weighed = Scratch()

    init(isExact: Bool) { self.isExact = isExact }

    /// Resamples the rows of a plane: output row r is the weighted sum of the rows that `axis` names for r.
    ///
    /// `rows` is input row 0 of the axis; each output row has `width` bytes and follows the last without a gap. Bytes
    /// of one row never mix, so that interleaved samples may go through as they are.
    func down(
        _ rows: UnsafePointer<UInt8>, stride: Int, width: Int, _ axis: BicubicAxis,
        into output: UnsafeMutablePointer<UInt8>
    ) {
        axis.high.withUnsafeBufferPointer { high in
            axis.low.withUnsafeBufferPointer { low in
                guard let high = high.baseAddress, let low = low.baseAddress else { return }
                for (row, taps) in axis.taps.enumerated() {
                    heed_weighted_rows(
                        rows + taps.first * stride, stride, Int32(width), high + row * axis.stride,
                        isExact ? low + row * axis.stride : nil, Int32(taps.count), axis.bias,
                        output + row * width)
                }
            }
        }
    }

    /// Resamples the columns of a plane of `height` rows; `rows` is the first row, at input column `firstColumn`.
    ///
    /// Turns the plane, for sums of rows are what vector units do well, and turns the result back.
    func across(
        _ rows: UnsafePointer<UInt8>, stride: Int, height: Int, firstColumn: Int, _ axis: BicubicAxis,
        into output: UnsafeMutablePointer<UInt8>
    ) {
        let width = axis.upperBound - axis.lowerBound
        let turned = turned.bytes(width * height)
        let weighed = weighed.bytes(axis.taps.count * height)
        TransposePlane(
            rows + (axis.lowerBound - firstColumn), Int32(stride), turned, Int32(height), Int32(width), Int32(height))
        down(turned - axis.lowerBound * height, stride: height, width: height, axis, into: weighed)
        TransposePlane(
            weighed, Int32(height), output, Int32(axis.taps.count), Int32(height), Int32(axis.taps.count))
    }
}
