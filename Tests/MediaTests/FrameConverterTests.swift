import CTurboJPEG
import Media
import Testing
import Units

/// Every format against the reference arithmetic.
struct FrameConverterTests {
    /// The coded planes of a Y, U, V picture in `format`, and the same planes as numbers on their own grids.
    private struct Coded {
        var planes: [[UInt8]]
        var luma: [Double]
        var chroma: [[Double]]
        var chromaWidth: Int
        var stepX: Int
        var stepY: Int

        init(_ picture: Picture, _ format: PixelFormat) {
            let (stepX, stepY) =
                switch format {
                case .nv12, .i420: (2, 2)
                case .i444: (1, 1)
                default: (2, 1)
                }
            let width = (picture.width + stepX - 1) / stepX
            let height = (picture.height + stepY - 1) / stepY
            let luma = picture.pixels.map { UInt8($0[0]) }
            let chroma = [1, 2].map { channel in
                (0..<width * height).map { UInt8(picture[$0 % width * stepX, $0 / width * stepY][channel]) }
            }
            let rows = 0..<picture.height
            let y = { (x: Int, row: Int) in luma[row * picture.width + min(x, picture.width - 1)] }
            var packed: [UInt8] = []
            if format == .yuyv || format == .uyvy {
                for row in rows {
                    for column in 0..<width {
                        let (u, v) = (chroma[0][row * width + column], chroma[1][row * width + column])
                        let (left, right) = (y(2 * column, row), y(2 * column + 1, row))
                        packed += format == .yuyv ? [left, u, right, v] : [u, left, v, right]
                    }
                }
            }
            switch format {
            case .yuyv, .uyvy: planes = [packed]
            case .nv12: planes = [luma, zip(chroma[0], chroma[1]).flatMap { [$0, $1] }]
            default: planes = [luma] + chroma
            }
            self.luma = luma.map(Double.init)
            self.chroma = chroma.map { $0.map(Double.init) }
            chromaWidth = width
            self.stepX = stepX
            self.stepY = stepY
        }
    }

    private func reference(
        _ coded: Coded, width: Int, height: Int, color: ColorEncoding, targetWidth: Int, targetHeight: Int
    ) -> [Double] {
        let crop = CenterCrop().rectangle(
            width: width, height: height, targetWidth: targetWidth, targetHeight: targetHeight)
        let luma = Reference.resample(
            plane: coded.luma, width: width, left: crop.left, top: crop.top, cropWidth: crop.width,
            cropHeight: crop.height, targetWidth: targetWidth, targetHeight: targetHeight)
        let chroma = coded.chroma.map {
            Reference.resample(
                plane: $0, width: coded.chromaWidth,
                left: crop.left / Double(coded.stepX) + (coded.stepX == 2 ? 0.25 : 0),
                top: crop.top / Double(coded.stepY),
                cropWidth: crop.width / Double(coded.stepX), cropHeight: crop.height / Double(coded.stepY),
                targetWidth: targetWidth, targetHeight: targetHeight)
        }
        return luma.indices.flatMap { index -> [Double] in
            let rgb = Reference.rgb(SIMD3(luma[index], chroma[0][index], chroma[1][index]), color)
            return [rgb[0], rgb[1], rgb[2]]
        }
    }

    private static let encodings = ColorEncoding.Matrix.allCases.flatMap { matrix in
        [true, false].map { ColorEncoding(matrix: matrix, isFullRange: $0) }
    }
    private static let yuvFormats: [PixelFormat] = [.yuyv, .uyvy, .nv12, .i420, .i422, .i444]

    // A rounding after each pass, carried into each color, and libyuv's factors of six binary places.
    @Test(arguments: yuvFormats, encodings)
    func aFrameOfEachFormatRangeAndMatrixComesOutAsTheStandardSays(
        _ format: PixelFormat, _ color: ColorEncoding
    ) throws {
        let coded = Coded(.waves(width: 161, height: 120), format)
        let frame = Frame.make(
            format, width: 161, height: 120, color: color, planes: coded.planes, padding: 12)
        let tensor = try FrameConverter().tensor(frame, width: 64, height: 64)
        let difference = Difference(
            tensor,
            reference(coded, width: 161, height: 120, color: color, targetWidth: 64, targetHeight: 64))
        #expect(difference.mean < 0.8, "\(difference)")
        #expect(difference.largest < 4.5, "\(difference)")
    }

    @Test func aTensorThatIsNotSquareSeesACropOfItsOwnShape() throws {
        let coded = Coded(.waves(width: 100, height: 80), .i444)
        let frame = Frame.make(.i444, width: 100, height: 80, planes: coded.planes)
        let tensor = try FrameConverter().tensor(frame, width: 70, height: 40)
        let difference = Difference(
            tensor,
            reference(coded, width: 100, height: 80, color: .video, targetWidth: 70, targetHeight: 40))
        #expect(difference.mean < 0.8 && difference.largest < 4.5, "\(difference)")
    }

    // Bytes are rounded between the passes in the reference too, so that only a tie in it may round otherwise.
    @Test(arguments: [(300, 200, 64), (200, 300, 64), (40, 30, 64), (3, 2, 48), (1, 1, 8), (900, 7, 33), (50, 60, 20)])
    func rgbOfAnySizeComesOutAsAntialiasedBicubic(_ width: Int, _ height: Int, _ side: Int) throws {
        var random = SeededGenerator(seed: UInt64(width))
        let bytes = (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
        let frame = Frame.make(.rgb24, width: width, height: height, planes: [bytes], padding: 5)
        let tensor = try FrameConverter().tensor(frame, width: side, height: side)
        let difference = Difference(tensor, rgbReference(bytes, width: width, height: height, side: side))
        #expect(difference.mean < 0.001, "\(difference)")
        #expect(difference.largest <= 1, "\(difference)")
    }

    @Test func grayOfLimitedRangeIsStretchedToFullRange() throws {
        let ramp = (0..<64).map { UInt8(16 + $0 * 219 / 63) }
        let luma = Array(repeating: ramp, count: 48).flatMap { $0 }
        let frame = Frame.make(.gray, width: 64, height: 48, color: .video, planes: [luma])
        let tensor = try FrameConverter().tensor(frame, crop: CenterCrop(margin: 0), width: 48, height: 48)
        let plane = Reference.resample(
            plane: luma.map(Double.init), width: 64, left: 8, top: 0, cropWidth: 48, cropHeight: 48, targetWidth: 48,
            targetHeight: 48)
        let expected = plane.flatMap { value -> [Double] in Array(repeating: (value - 16) * 255 / 219, count: 3) }
        let difference = Difference(tensor, expected)
        #expect(difference.largest < 2, "\(difference)")
    }

    @Test(arguments: [UInt8(0), 1, 77, 128, 254, 255])
    func aFlatPictureStaysWhatItIs(_ value: UInt8) throws {
        let frame = Frame.make(
            .rgb24, width: 1001, height: 777, planes: [Array(repeating: value, count: 1001 * 777 * 3)])
        let tensor = try FrameConverter().tensor(frame, width: 100, height: 100)
        #expect(tensor.allSatisfy { $0 == value })
        let gray = Frame.make(
            .gray, width: 99, height: 98, color: .jpeg, planes: [Array(repeating: value, count: 99 * 98)])
        #expect(try FrameConverter().tensor(gray, width: 50, height: 50).allSatisfy { $0 == value })
    }

    @Test func oneConverterServesFramesOfManySizesInTurn() throws {
        let converter = FrameConverter()
        for round in 0..<3 {
            for side in [20, 64, 33] {
                let coded = Coded(.waves(width: 90 + side, height: 70), .yuyv)
                let frame = Frame.make(.yuyv, width: 90 + side, height: 70, planes: coded.planes)
                let tensor = try converter.tensor(frame, width: side, height: side)
                #expect(try tensor == FrameConverter().tensor(frame, width: side, height: side), "round \(round)")
            }
        }
    }

    @Test(arguments: [TJSAMP_444, TJSAMP_422, TJSAMP_420, TJSAMP_440, TJSAMP_411])
    func aJPEGOfEachSubsamplingComesOutAsDecodedAndResampled(_ subsampling: TJSAMP) throws {
        let picture = Picture.waves(width: 150, height: 110)
        let bytes = picture.pixels.flatMap { yuv -> [UInt8] in
            let rgb = Reference.rgb(yuv, .jpeg)
            return [UInt8(rgb[0]), UInt8(rgb[1]), UInt8(rgb[2])]
        }
        let data = try encodeJPEG(bytes, width: 150, height: 110, subsampling: subsampling, quality: 98)
        let tensor = try FrameConverter().tensor(.jpeg(data), width: 64, height: 64)
        let difference = Difference(tensor, rgbReference(bytes, width: 150, height: 110, side: 64))
        #expect(difference.mean < 2.5, "\(difference)")
    }

    @Test func aLargeJPEGIsDecodedSmallerAndComesOutTheSame() throws {
        let picture = Picture.waves(width: 1203, height: 901)
        let bytes = picture.pixels.flatMap { Array(repeating: UInt8($0[0]), count: 3) }
        let data = try encodeJPEG(bytes, width: 1203, height: 901, quality: 98)
        for side in [40, 100, 224] {
            let tensor = try FrameConverter().tensor(.jpeg(data), width: side, height: side)
            let difference = Difference(tensor, rgbReference(bytes, width: 1203, height: 901, side: side))
            #expect(difference.mean < 1.2, "\(side): \(difference)")
        }
    }

    @Test func aGrayJPEGComesOutGray() throws {
        let picture = Picture.waves(width: 120, height: 90)
        let luma = picture.pixels.map { UInt8($0[0]) }
        let data = try encodeJPEG(
            luma, width: 120, height: 90, format: TJPF_GRAY, subsampling: TJSAMP_GRAY, quality: 98)
        let tensor = try FrameConverter().tensor(.jpeg(data), width: 64, height: 64)
        let difference = Difference(
            tensor, rgbReference(luma.flatMap { [$0, $0, $0] }, width: 120, height: 90, side: 64))
        #expect(difference.mean < 1, "\(difference)")
        #expect(stride(from: 0, to: tensor.count, by: 3).allSatisfy { tensor[$0] == tensor[$0 + 1] })
    }

    @Test func aCMYKJPEGComesOutInItsColors() throws {
        // Inverted CMYK: 255 means no ink. Half yellow and a quarter black on the left, cyan on the right.
        let (left, right): ([UInt8], [UInt8]) = ([255, 255, 128, 191], [0, 255, 255, 255])
        let cmyk = (0..<80 * 80).flatMap { $0 % 80 < 40 ? left : right }
        let data = try encodeJPEG(
            cmyk, width: 80, height: 80, format: TJPF_CMYK, subsampling: TJSAMP_444, quality: 100)
        let tensor = try FrameConverter().tensor(.jpeg(data), crop: CenterCrop(margin: 0), width: 80, height: 80)
        let leftColor = tensor[(40 * 80 + 10) * 3..<(40 * 80 + 10) * 3 + 3].map(Int.init)
        let rightColor = tensor[(40 * 80 + 70) * 3..<(40 * 80 + 70) * 3 + 3].map(Int.init)
        #expect(zip(leftColor, [191, 191, 96]).allSatisfy { abs($0 - $1) <= 4 }, "\(leftColor)")
        #expect(zip(rightColor, [0, 255, 255]).allSatisfy { abs($0 - $1) <= 4 }, "\(rightColor)")
    }

    private func rgbReference(_ bytes: [UInt8], width: Int, height: Int, side: Int) -> [Double] {
        let crop = CenterCrop().rectangle(width: width, height: height, targetWidth: side, targetHeight: side)
        let planes = (0..<3).map { channel in
            Reference.resample(
                plane: stride(from: channel, to: bytes.count, by: 3).map { Double(bytes[$0]) }, width: width,
                left: crop.left, top: crop.top, cropWidth: crop.width, cropHeight: crop.height, targetWidth: side,
                targetHeight: side, asBytes: true)
        }
        return (0..<side * side).flatMap { index in planes.map { $0[index] } }
    }
}
