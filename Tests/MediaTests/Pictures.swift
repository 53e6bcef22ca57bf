import CTurboJPEG
import Media

/// Bytes that a test made, kept for as long as a frame over them lives.
final class Bytes: @unchecked Sendable {  // Written in `init` only, then read.
    let memory: UnsafeRawBufferPointer

    init(_ contents: [UInt8]) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: contents.count, alignment: 16)
        memory.copyBytes(from: contents)
        self.memory = UnsafeRawBufferPointer(memory)
    }

    deinit { memory.deallocate() }
}

/// A picture in Double arithmetic: R, G, B or Y, U, V, as the function at each pixel says.
struct Picture {
    let width: Int
    let height: Int
    /// Three values 0…255 for each pixel.
    var pixels: [SIMD3<Double>]

    init(width: Int, height: Int, _ value: (Int, Int) -> SIMD3<Double>) {
        self.width = width
        self.height = height
        pixels = (0..<width * height).map { value($0 % width, $0 / width) }
    }

    subscript(x: Int, y: Int) -> SIMD3<Double> { pixels[y * width + x] }

    /// Smooth waves of all three values, a little away from the ends of the range.
    static func waves(width: Int, height: Int) -> Picture {
        Picture(width: width, height: height) { x, y in
            SIMD3(
                128 + 90 * wave(Double(x) / 23 + Double(y) / 41), 128 + 60 * wave(Double(x) / 37 - Double(y) / 29),
                128 + 60 * wave(Double(y) / 31 + 0.3))
        }
    }

    /// A triangle wave of period 2, from -1 to 1.
    private static func wave(_ t: Double) -> Double {
        let phase = t - (t / 2).rounded(.down) * 2
        return phase < 1 ? 2 * phase - 1 : 3 - 2 * phase
    }
}

extension Frame {
    /// A frame over copies of the given planes, `padding` unused bytes after each row.
    static func make(
        _ format: PixelFormat, width: Int, height: Int, color: ColorEncoding = .video, planes: [[UInt8]],
        padding: Int = 0
    ) -> Frame {
        var contents: [UInt8] = []
        var layout: [(start: Int, count: Int, stride: Int)] = []
        for (index, plane) in planes.enumerated() {
            let rowBytes =
                format == .jpeg ? plane.count : format.planeSize(index, width: width, height: height).rowBytes
            let start = contents.count
            for row in stride(from: 0, to: plane.count, by: max(rowBytes, 1)) {
                contents += plane[row..<min(row + rowBytes, plane.count)]
                contents += Array(repeating: 0xAA, count: padding)
            }
            layout.append((start, contents.count - start, format == .jpeg ? 0 : rowBytes + padding))
        }
        let storage = Bytes(contents)
        return Frame(
            format: format, width: width, height: height, color: color,
            planes: layout.map {
                Plane(
                    bytes: UnsafeRawBufferPointer(rebasing: storage.memory[$0.start..<$0.start + $0.count]),
                    stride: $0.stride)
            }, storage: storage)
    }

    static func jpeg(_ data: [UInt8]) -> Frame {
        make(.jpeg, width: 0, height: 0, color: .jpeg, planes: [data])
    }
}

/// Encodes pixels with libjpeg-turbo.
func encodeJPEG(
    _ pixels: [UInt8], width: Int, height: Int, format: TJPF = TJPF_RGB, subsampling: TJSAMP = TJSAMP_420,
    quality: Int32 = 90, flags: Int32 = 0
) throws -> [UInt8] {
    struct Failure: Error { let text: String }
    guard let handle = tjInitCompress() else { throw Failure(text: "libjpeg-turbo does not start") }
    defer { tjDestroy(handle) }
    var data: UnsafeMutablePointer<UInt8>?
    var count: UInt = 0
    defer { tjFree(data) }
    let result = tjCompress2(
        handle, pixels, Int32(width), 0, Int32(height), Int32(format.rawValue), &data, &count,
        Int32(subsampling.rawValue), quality, flags)
    guard result == 0, let data else { throw Failure(text: String(cString: tjGetErrorStr2(handle))) }
    return Array(UnsafeBufferPointer(start: data, count: Int(count)))
}

extension FrameConverter {
    /// Converts into a new array.
    func tensor(_ frame: Frame, crop: CenterCrop = CenterCrop(), width: Int, height: Int) throws -> [UInt8] {
        var tensor = [UInt8](repeating: 0, count: width * height * 3)
        // Typed throws do not pass through the standard library's closures on every compiler.
        let result = tensor.withUnsafeMutableBytes { memory in
            Result { try convert(frame, crop: crop, width: width, height: height, into: memory) }
        }
        try result.get()
        return tensor
    }
}
