import Foundation
import Media
import Recordings
import Units

/// Bytes that a frame lies over.
final class FrameBytes: @unchecked Sendable {  // Nobody writes the bytes after `init`.
    let bytes: UnsafeRawBufferPointer

    init(_ bytes: [UInt8]) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        memory.copyBytes(from: bytes)
        self.bytes = UnsafeRawBufferPointer(memory)
    }

    deinit { bytes.deallocate() }
}

extension Frame {
    /// A picture of noise; `padding` bytes lie after each row.
    static func noise(
        _ format: PixelFormat, _ width: Int, _ height: Int, color: ColorEncoding = .video, padding: Int = 0,
        using random: inout SeededGenerator
    ) -> Frame {
        let sizes = (0..<format.planeCount).map { format.planeSize($0, width: width, height: height) }
        let count = sizes.reduce(0) { $0 + ($1.rowBytes + padding) * $1.rows }
        let storage = FrameBytes((0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        var offset = 0
        let planes = sizes.map { size in
            defer { offset += (size.rowBytes + padding) * size.rows }
            let bytes = storage.bytes[offset..<offset + (size.rowBytes + padding) * size.rows]
            return Plane(bytes: UnsafeRawBufferPointer(rebasing: bytes), stride: size.rowBytes + padding)
        }
        return Frame(format: format, width: width, height: height, color: color, planes: planes, storage: storage)
    }

    /// A JPEG picture.
    static func jpeg(_ data: Data, _ width: Int, _ height: Int) -> Frame {
        let storage = FrameBytes(Array(data))
        return Frame(
            format: .jpeg, width: width, height: height, color: .jpeg,
            planes: [Plane(bytes: storage.bytes, stride: 0)], storage: storage)
    }

    /// The bytes of the picture, without what lies between rows.
    var pictureBytes: [UInt8] {
        if format == .jpeg { return Array(planes[0].bytes) }
        return planes.indices.flatMap { index in
            let size = format.planeSize(index, width: width, height: height)
            return (0..<size.rows).flatMap { row in
                planes[index].bytes[row * planes[index].stride..<row * planes[index].stride + size.rowBytes]
            }
        }
    }
}

/// What a recording is made of, in a form that can be compared.
enum Happening: Hashable, CustomStringConvertible {
    case frame(number: Int, captured: Int64, arrived: Int64, TimeQuality, PixelFormat, ColorEncoding, [UInt8])
    case missing(MissingFrames, arrived: Int64)

    init(_ frame: CapturedFrame) {
        self = .frame(
            number: frame.number, captured: frame.captured.nanoseconds, arrived: frame.arrived.nanoseconds,
            frame.timeQuality, frame.frame.format, frame.frame.color, frame.frame.pictureBytes)
    }

    /// Nil for what no recording of heed gives.
    init?(_ event: RecordedEvent, origin: MonotonicTime) {
        switch event {
        case .frame(let recorded):
            self.init(
                CapturedFrame(
                    number: recorded.sequence, captured: origin + recorded.position,
                    timeQuality: recorded.timeQuality, arrived: origin + recorded.arrival, frame: recorded.frame))
        case .missing(let missing, let arrival):
            self = .missing(missing, arrived: (origin + arrival).nanoseconds)
        case .damaged: return nil
        }
    }

    var description: String {
        switch self {
        case .frame(let number, let captured, let arrived, let quality, let format, let color, let bytes):
            "frame \(number) \(captured) \(arrived) \(quality) \(format) \(color) \(bytes.prefix(4)) … \(bytes.count)"
        case .missing(let missing, let arrived): "missing \(missing.count) \(missing) \(arrived)"
        }
    }
}
