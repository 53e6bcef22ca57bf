import Media
import Testing

@testable import Capture

/// Pictures that libv4l converts, through a stream's memory.
struct PictureConverterTests {
    private func taken(_ code: String, _ width: Int, _ height: Int, bytesPerRow: Int) -> V4L2.Format {
        V4L2.Format(
            code: FourCC(code), width: width, height: height, bytesPerRow: bytesPerRow,
            byteCount: bytesPerRow * height, color: .video, memoryCount: 1, isInterlaced: false)
    }

    private func memory(_ format: V4L2.Format, filling bytes: [UInt8]) throws -> CameraMemory {
        let shape = try #require(FrameShape(format))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        buffer.copyBytes(from: bytes)
        return CameraMemory(
            shape: shape, mapped: [buffer], poolCount: 0, converter: try PictureConverter(format, to: shape),
            bell: try Bell(), unmap: { $0.deallocate() })
    }

    @Test func aConvertedFrameHasItsOwnBytesAndTheDriverHasItsBufferBack() throws {
        // Two rows of two pixels, with two more bytes in each: blue, red; green, white.
        let bytes: [UInt8] = [255, 0, 0, 0, 0, 255, 9, 9, 0, 255, 0, 255, 255, 255, 9, 9]
        let memory = try memory(taken("BGR3", 2, 2, bytesPerRow: 8), filling: bytes)
        guard case .frame(let frame) = memory.frame(slot: 0, offset: 0, byteCount: bytes.count) else {
            Issue.record("no frame")
            return
        }
        #expect(memory.collect() == 1)
        #expect(frame.format == .rgb24)
        #expect(Array(frame.planes[0].bytes) == [0, 0, 255, 255, 0, 0, 0, 255, 0, 255, 255, 255])
    }

    @Test func theColorsOfLumaAndChromaAreAsTheDriverSays() throws {
        let bytes: [UInt8] = [10, 200, 20, 100, 30, 200, 40, 100]
        let memory = try memory(taken("YVYU", 2, 2, bytesPerRow: 4), filling: bytes)
        guard case .frame(let frame) = memory.frame(slot: 0, offset: 0, byteCount: bytes.count) else {
            Issue.record("no frame")
            return
        }
        #expect(frame.format == .i420 && frame.color == .video)
        #expect(frame.planes.map { Array($0.bytes) } == [[10, 20, 30, 40], [100], [200]])
    }

    @Test func aPictureThatEndsTooEarlyIsTruncated() throws {
        let memory = try memory(taken("BGR3", 2, 2, bytesPerRow: 6), filling: Array(repeating: 0, count: 12))
        guard case .damaged(let damage) = memory.frame(slot: 0, offset: 0, byteCount: 11) else {
            Issue.record("a frame came of 11 bytes")
            return
        }
        #expect(damage == .truncated)
        #expect(memory.collect() == 1)
    }

    @Test func oddSizesThatWouldLoseTheirLastChromaHaveNoShape() {
        #expect(FrameShape(taken("YVYU", 3, 2, bytesPerRow: 8)) == nil)
        #expect(FrameShape(taken("BGR3", 3, 3, bytesPerRow: 9)) != nil)
    }
}
