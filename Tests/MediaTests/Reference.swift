import Media

/// The conversion written a second time, in plain Double arithmetic and from the definitions: antialiased bicubic
/// (Keys, a = -0.5) on each axis, and Y'CbCr to R'G'B' from the luma coefficients of each standard.
enum Reference {
    /// Resamples `input` values around `start`, as continuous coordinates, into `outputs` values.
    static func resample(_ input: [Double], start: Double, length: Double, outputs: Int) -> [Double] {
        let scale = length / Double(outputs)
        let widening = max(1, scale)
        return (0..<outputs).map { output in
            let center = start + (Double(output) + 0.5) * scale
            // Pillow's bounds: a tap takes part when its own center is less than the support away.
            let first = max(0, Int(center - 2 * widening + 0.5))
            let end = min(input.count, Int(center + 2 * widening + 0.5))
            var sum = 0.0
            var weights = 0.0
            for index in first..<end {
                let weight = bicubic(abs(Double(index) + 0.5 - center) / widening)
                sum += weight * input[index]
                weights += weight
            }
            return sum / weights
        }
    }

    private static func bicubic(_ x: Double) -> Double {
        if x < 1 { return 1.5 * x * x * x - 2.5 * x * x + 1 }
        if x < 2 { return -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 }
        return 0
    }

    /// Resamples a plane of `width` columns.
    ///
    /// With `asBytes` as Pillow 13 does it: bytes after each pass, and the rows first when they lose more than twice as
    /// many pixels as the columns.
    static func resample(
        plane: [Double], width: Int, left: Double, top: Double, cropWidth: Double, cropHeight: Double,
        targetWidth: Int, targetHeight: Int, asBytes: Bool = false
    ) -> [Double] {
        let height = plane.count / width
        let rowsFirst = height > targetHeight && height - targetHeight > 2 * (width - targetWidth)
        if asBytes && rowsFirst {
            let turned = resample(
                plane: transpose(plane, width: width), width: height, left: top, top: left, cropWidth: cropHeight,
                cropHeight: cropWidth, targetWidth: targetHeight, targetHeight: targetWidth, rounded: true)
            return transpose(turned, width: targetHeight)
        }
        return resample(
            plane: plane, width: width, left: left, top: top, cropWidth: cropWidth, cropHeight: cropHeight,
            targetWidth: targetWidth, targetHeight: targetHeight, rounded: asBytes)
    }

    private static func resample(
        plane: [Double], width: Int, left: Double, top: Double, cropWidth: Double, cropHeight: Double,
        targetWidth: Int, targetHeight: Int, rounded: Bool
    ) -> [Double] {
        let height = plane.count / width
        let byte = { (value: Double) in rounded ? min(max((value + 0.5).rounded(.down), 0), 255) : value }
        let narrow = (0..<height).map { row in
            resample(
                Array(plane[row * width..<(row + 1) * width]), start: left, length: cropWidth, outputs: targetWidth
            ).map(byte)
        }
        var result = [Double](repeating: 0, count: targetWidth * targetHeight)
        for column in 0..<targetWidth {
            let values = resample(
                narrow.map { $0[column] }, start: top, length: cropHeight, outputs: targetHeight)
            for (row, value) in values.enumerated() { result[row * targetWidth + column] = byte(value) }
        }
        return result
    }

    private static func transpose(_ plane: [Double], width: Int) -> [Double] {
        (0..<width).flatMap { column in stride(from: column, to: plane.count, by: width).map { plane[$0] } }
    }

    /// One pixel from Y'CbCr, each 0…255 as coded, to R, G, B, clamped to 0…255.
    static func rgb(_ yuv: SIMD3<Double>, _ color: ColorEncoding) -> SIMD3<Double> {
        let (kr, kb) =
            switch color.matrix {
            case .bt601: (0.299, 0.114)
            case .bt709: (0.2126, 0.0722)
            case .bt2020: (0.2627, 0.0593)
            }
        let y = color.isFullRange ? yuv[0] : (yuv[0] - 16) * 255 / 219
        let chromaScale = color.isFullRange ? 1.0 : 255.0 / 224
        let cb = (yuv[1] - 128) * chromaScale
        let cr = (yuv[2] - 128) * chromaScale
        let r = y + 2 * (1 - kr) * cr
        let b = y + 2 * (1 - kb) * cb
        let g = (y - kr * r - kb * b) / (1 - kr - kb)
        return SIMD3(r, g, b).clamped(lowerBound: SIMD3(repeating: 0), upperBound: SIMD3(repeating: 255))
    }
}

/// How far two pictures are from each other.
struct Difference {
    var mean = 0.0
    var largest = 0.0

    init(_ bytes: [UInt8], _ values: [Double]) {
        for (byte, value) in zip(bytes, values) {
            let difference = abs(Double(byte) - min(max(value, 0), 255))
            mean += difference / Double(bytes.count)
            largest = max(largest, difference)
        }
    }
}
