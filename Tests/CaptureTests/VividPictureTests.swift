import Media
import Testing

@testable import Capture

extension CameraInUseTests {
    /// Whether pictures are right, in every format that heed reads: the virtual camera's colour bars, converted.
    @Suite(.serialized, .enabled(if: Vivid.path != nil, Vivid.missing))
    struct VividPictureTests {
        /// White, yellow, cyan, green, magenta, red, blue, black.
        private static let bars: [[UInt8]] = [
            [255, 255, 255], [255, 255, 0], [0, 255, 255], [0, 255, 0], [255, 0, 255], [255, 0, 0], [0, 0, 255],
            [0, 0, 0],
        ]
        private static let size = PictureSize(640, 480)

        /// The colours at the middle of each bar.
        private func colors(_ format: PixelFormat, code: FourCC? = nil) throws -> [[UInt8]] {
            let wish = CameraWish(size: Self.size, rate: 25, format: format, code: code)
            let camera = try Camera(CameraSettings(device: Vivid.path, wish: wish))
            defer { camera.stop() }
            var colors: [[UInt8]]?
            while colors == nil, let event = try camera.next(within: .seconds(20)) {
                guard case .frame(let captured) = event else { continue }
                try #require(captured.frame.format == format)
                colors = try Self.colors(captured.frame)
            }
            // Whoever opens it next while it is being closed would have to try again.
            camera.stop()
            while let event = try camera.next(within: .seconds(20)) {
                if case .ended = event { break }
            }
            return try #require(colors, "no frame came")
        }

        private static func colors(_ frame: Frame) throws -> [[UInt8]] {
            let pixels = UnsafeMutableRawBufferPointer.allocate(byteCount: 3 * size.pixels, alignment: 16)
            defer { pixels.deallocate() }
            try FrameConverter().convert(
                frame, crop: CenterCrop(margin: 0), width: size.width, height: size.height, into: pixels)
            return (0..<8).map { bar in
                let at = 3 * (size.width * 200 + bar * 80 + 40)
                return Array(pixels[at..<at + 3])
            }
        }

        private func expectBars(_ colors: [[UInt8]], _ what: String, within tolerance: Int = 6) {
            for (color, wanted) in zip(colors, Self.bars) {
                #expect(zip(color, wanted).allSatisfy { abs(Int($0) - Int($1)) <= tolerance }, "\(what): \(colors)")
            }
            #expect(colors.count == 8)
        }

        /// Bars without text; once, for no test shows anything else.
        private static let bareBars = Result {
            try Vivid.set("test_pattern", 1)
            try Vivid.set("osd_text_mode", 2)
        }

        @Test(arguments: [PixelFormat.yuyv, .uyvy, .nv12, .i420, .i422, .rgb24])
        func barsHaveTheirColors(_ format: PixelFormat) throws {
            try Self.bareBars.get()
            expectBars(try colors(format), format.rawValue)
        }

        @Test(arguments: [
            "YVYU", "NV16", "NV61", "RGBP", "BGR3", "BGR4", "RGB4", "XR24", "BX24", "AR24", "BA24",
            "BA81", "GBRG", "GRBG", "RGGB", "BG10", "GB10", "BA10", "RG10", "BYR2", "GB16", "GR16", "RG16",
        ])
        func barsKeepTheirColorsWhereLibV4LConverts(_ letters: String) throws {
            try Self.bareBars.get()
            let code = FourCC(letters)
            // The lowest three of eight bits are not in RGBP, which has five or six.
            let colors = try colors(try #require(code.pixelFormat), code: code)
            expectBars(colors, letters, within: letters == "RGBP" ? 7 : 6)
        }

        @Test func grayBarsHaveTheirLuma() throws {
            try Self.bareBars.get()
            let levels = try colors(.gray).map { Int($0[0]) }
            #expect(zip(levels, levels.dropFirst()).allSatisfy { $0 > $1 }, "\(levels)")
            #expect(levels.count == 8 && levels[0] >= 249 && levels[7] <= 6, "\(levels)")
        }

        @Test(arguments: [("y_cbcr_encoding", 2), ("quantization", 1), ("quantization", 2)])
        func theDriversWordOnColorsIsHeeded(_ control: String, _ value: Int) throws {
            try Self.bareBars.get()
            try Vivid.set(control, value)
            defer { try? Vivid.set(control, 0) }
            for format in [PixelFormat.yuyv, .nv12] {
                expectBars(try colors(format), "\(control)=\(value) \(format.rawValue)")
            }
        }
    }
}
