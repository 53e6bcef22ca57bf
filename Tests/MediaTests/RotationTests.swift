import Media
import Testing

struct RotationTests {
    /// A picture whose every pixel tells where it stood before it was turned.
    private func frame(width: Int, height: Int, rotation: Frame.Rotation, pixel: (Int, Int) -> [UInt8]) -> Frame {
        var bytes: [UInt8] = []
        for y in 0..<height { for x in 0..<width { bytes += pixel(x, y) } }
        let storage = Bytes(bytes)
        return Frame(
            format: .rgb24, width: width, height: height, color: .jpeg,
            planes: [Frame.Plane(bytes: storage.memory, stride: 3 * width)], rotation: rotation, storage: storage)
    }

    private func tensor(_ frame: Frame, width: Int, height: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: width * height * 3)
        try bytes.withUnsafeMutableBytes {
            try FrameConverter().convert(frame, crop: CenterCrop(margin: 0), width: width, height: height, into: $0)
        }
        return bytes
    }

    @Test(arguments: [Frame.Rotation.quarter, .half, .threeQuarters])
    func aTurnedFrameGivesTheTensorOfTheUprightOne(rotation: Frame.Rotation) throws {
        let (width, height) = (48, 64)
        let upright = { (x: Int, y: Int) in [UInt8(x * 5), UInt8(y * 3), UInt8((x + y) * 2)] }
        let lying = rotation == .half ? (width, height) : (height, width)
        let stored = frame(width: lying.0, height: lying.1, rotation: rotation) { x, y in
            switch rotation {
            case .none: upright(x, y)
            case .quarter: upright(width - 1 - y, x)
            case .half: upright(width - 1 - x, height - 1 - y)
            case .threeQuarters: upright(y, height - 1 - x)
            }
        }
        let expected = try tensor(
            frame(width: width, height: height, rotation: .none, pixel: upright), width: 24, height: 32)
        let turned = try tensor(stored, width: 24, height: 32)
        let difference = zip(expected, turned).map { abs(Int($0) - Int($1)) }.max() ?? 255
        #expect(difference <= 1)
    }
}
