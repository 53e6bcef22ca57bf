import Media
import Testing
import Units

/// Frames that lie about themselves, and pictures that are broken.
struct BadFrameTests {
    private func code(_ frame: Frame, width: Int = 32, height: Int = 32, margin: Int = 32) -> MediaError.Code? {
        do {
            _ = try FrameConverter().tensor(frame, crop: CenterCrop(margin: margin), width: width, height: height)
            return nil
        } catch {
            return (error as? MediaError)?.code
        }
    }

    private func noise(width: Int, height: Int, seed: UInt64 = 1) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        return (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    @Test(arguments: PixelFormat.allCases.filter { $0 != .jpeg })
    func aPlaneShorterThanItsFormatNeedsIsRefused(_ format: PixelFormat) {
        let whole = (0..<format.planeCount).map { index in
            let size = format.planeSize(index, width: 33, height: 25)
            return [UInt8](repeating: 0, count: size.rowBytes * size.rows)
        }
        #expect(code(.make(format, width: 33, height: 25, planes: whole)) == nil)
        for index in whole.indices {
            var short = whole
            short[index].removeLast()
            #expect(code(.make(format, width: 33, height: 25, planes: short)) == .wrongSize)
            short[index] = []
            #expect(code(.make(format, width: 33, height: 25, planes: short)) == .wrongSize)
        }
        #expect(code(.make(format, width: 33, height: 25, planes: whole + [[0]])) == .wrongSize)
    }

    @Test(arguments: [(0, 10), (10, 0), (-4, 4), (1 << 40, 1 << 40), (Int.max, 2), (1 << 20, 1 << 20)])
    func anAbsurdSizeIsRefused(_ width: Int, _ height: Int) {
        let storage = Bytes([1, 2, 3, 4])
        let frame = Frame(
            format: .rgb24, width: width, height: height, color: .video,
            planes: [Frame.Plane(bytes: storage.memory, stride: .max)], storage: storage)
        #expect(code(frame) == .wrongSize)
    }

    @Test(arguments: [(0, 32, 32), (32, -1, 32), (1 << 20, 1, 32), (32, 32, -1)])
    func anUnusableTensorIsRefused(_ width: Int, _ height: Int, _ margin: Int) {
        let frame = Frame.make(.gray, width: 2, height: 2, planes: [[0, 0, 0, 0]])
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 16)
        defer { memory.deallocate() }
        #expect(throws: MediaError.self) {
            try FrameConverter().convert(
                frame, crop: CenterCrop(margin: margin), width: width, height: height, into: memory)
        }
    }

    @Test func aTensorOfTheWrongLengthIsRefused() {
        let frame = Frame.make(.gray, width: 2, height: 2, planes: [[0, 0, 0, 0]])
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 8 * 8 * 3 - 1, alignment: 16)
        defer { memory.deallocate() }
        #expect(throws: MediaError.self) {
            try FrameConverter().convert(frame, crop: CenterCrop(), width: 8, height: 8, into: memory)
        }
    }

    @Test func aTruncatedJPEGIsCorruptAndTheErrorQuotesTheDecoder() throws {
        let data = try encodeJPEG(noise(width: 64, height: 64), width: 64, height: 64)
        let error = #expect(throws: MediaError.self) {
            try FrameConverter().tensor(.jpeg(Array(data.prefix(data.count * 2 / 3))), width: 32, height: 32)
        }
        #expect(error?.code == .corruptPicture)
        #expect(error?.message.contains("remature end") == true, "\(error?.message ?? "")")
    }

    @Test func damagedHuffmanDataAreCorrupt() throws {
        var data = try encodeJPEG(noise(width: 96, height: 96), width: 96, height: 96)
        // Ones without end, which no Huffman table has a code for; a 0 must follow each FF.
        for index in data.count / 2..<data.count / 2 + 200 { data[index] = index % 2 == 0 ? 0xFF : 0 }
        #expect(code(.jpeg(data)) == .corruptPicture)
    }

    @Test func bytesAfterThePictureDoNoHarm() throws {
        let data = try encodeJPEG(noise(width: 64, height: 64), width: 64, height: 64)
        let converter = FrameConverter()
        let plain = try converter.tensor(.jpeg(data), width: 32, height: 32)
        #expect(try converter.tensor(.jpeg(data + Array(repeating: 0, count: 500)), width: 32, height: 32) == plain)
    }

    @Test func strayBytesBeforeAMarkerAreOnlyAWarning() throws {
        let data = try encodeJPEG(noise(width: 64, height: 64), width: 64, height: 64)
        let plain = try FrameConverter().tensor(.jpeg(data), width: 32, height: 32)
        let stray = Array(data.dropLast(2)) + [0, 0, 0, 0] + data.suffix(2)
        #expect(try FrameConverter().tensor(.jpeg(stray), width: 32, height: 32) == plain)
    }

    @Test func manyStrayBytesMeanThatTheDecoderLostItsWay() throws {
        let data = try encodeJPEG(noise(width: 64, height: 64), width: 64, height: 64)
        #expect(
            code(.jpeg(Array(data.dropLast(2)) + [UInt8](repeating: 0, count: 500) + data.suffix(2))) == .corruptPicture
        )
    }

    @Test(arguments: [[], [0xFF], [0xFF, 0xD8], [0xFF, 0xD8, 0xFF, 0xD9], Array("not a picture at all".utf8)])
    func whatIsNoJPEGIsCorrupt(_ bytes: [UInt8]) {
        #expect(code(.jpeg(bytes)) == .corruptPicture)
    }

    @Test func aConverterGoesOnAfterACorruptPicture() throws {
        let data = try encodeJPEG(noise(width: 64, height: 64), width: 64, height: 64)
        let converter = FrameConverter()
        let before = try converter.tensor(.jpeg(data), width: 32, height: 32)
        #expect(throws: MediaError.self) {
            try converter.tensor(.jpeg(Array(data.prefix(300))), width: 32, height: 32)
        }
        #expect(try converter.tensor(.jpeg(data), width: 32, height: 32) == before)
    }

    /// Flips bytes all over small pictures: each ends in a tensor or in a `MediaError`, never in a crash.
    @Test(arguments: 0..<8)
    func randomDamageEndsInATensorOrAnError(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let data = try encodeJPEG(noise(width: 40, height: 24, seed: UInt64(seed)), width: 40, height: 24)
        let converter = FrameConverter()
        for _ in 0..<100 {
            var damaged = data
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) {
                damaged.removeLast(Int.random(in: 0..<damaged.count, using: &random))
            }
            do {
                _ = try converter.tensor(.jpeg(damaged), width: 16, height: 16)
            } catch {
                #expect(error is MediaError)
            }
            _ = damaged.withUnsafeBytes { JPEGSize($0) }
        }
    }

    @Test func theHeaderAloneTellsTheSize() throws {
        let data = try encodeJPEG(noise(width: 41, height: 23), width: 41, height: 23)
        let size = data.withUnsafeBytes { JPEGSize($0) }
        #expect(size?.width == 41 && size?.height == 23)
        #expect(data.prefix(20).withUnsafeBytes { JPEGSize(UnsafeRawBufferPointer($0)) } == nil)
    }
}
