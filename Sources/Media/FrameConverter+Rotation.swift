extension FrameConverter {
    /// Turns a picture of `width` × `height` RGB pixels clockwise by `rotation` into `output`.
    ///
    /// Done at the tensor's size, after the crop: the crop is central, so that it commutes with the turn.
    static func turn(
        _ input: UnsafePointer<UInt8>, width: Int, height: Int, by rotation: Frame.Rotation,
        into output: UnsafeMutablePointer<UInt8>
    ) {
        let isSideways = rotation == .quarter || rotation == .threeQuarters
        let (outputWidth, outputHeight) = isSideways ? (height, width) : (width, height)
        var destination = output
        for y in 0..<outputHeight {
            for x in 0..<outputWidth {
                let (column, row) =
                    switch rotation {
                    case .none: (x, y)
                    case .quarter: (y, height - 1 - x)
                    case .half: (width - 1 - x, height - 1 - y)
                    case .threeQuarters: (width - 1 - y, x)
                    }
                let source = input + 3 * (row * width + column)
                for channel in 0..<3 { destination[channel] = source[channel] }
                destination += 3
            }
        }
    }
}
