import Media
import Testing

@testable import Capture

/// What this machine has.
enum RealCamera {
    static let isThere = CameraReport().cameras.contains { $0.problem == nil }
    static let missing: Comment =
        "SKIPPED: there is no camera here that can be opened; nothing of a real driver is tested"
}

/// Tests that take a camera each, one at a time.
@Suite(.serialized) struct CameraInUseTests {}

extension CameraInUseTests {
    /// Streams from the first camera of this machine's.
    @Suite(.serialized, .enabled(if: RealCamera.isThere, RealCamera.missing))
    struct RealCameraTests {
        /// Takes events until so many frames have come; returns the frames' numbers and those told otherwise.
        private func stream(_ settings: CameraSettings, frames: Int) throws -> (frames: [CapturedFrame], others: Int) {
            let camera = try Camera(settings)
            var taken: [CapturedFrame] = []
            var others = 0
            while taken.count < frames, let event = try camera.next(within: .seconds(10)) {
                switch event {
                case .frame(let frame):
                    taken.append(
                        CapturedFrame(
                            number: frame.number, captured: frame.captured, timeQuality: frame.timeQuality,
                            arrived: frame.arrived, frame: try frame.frame.copied()))
                case .missing(.superseded), .missing(.damaged): others += 1
                case .missing(.lost(_, let count, _)), .missing(.outage(_, let count, _, _)): others += count
                case .missing(.uncounted(let superseded, let damaged, let lost)): others += superseded + damaged + lost
                case .connection(let status):
                    if let error = status.error { Issue.record("\(error)") }
                case .ended: break
                }
            }
            camera.stop()
            while let event = try camera.next(within: .seconds(10)) {
                if case .ended = event { break }
            }
            return (taken, others)
        }

        @Test func everyFrameIsAccountedFor() throws {
            let (frames, others) = try stream(CameraSettings(), frames: 60)
            let first = try #require(frames.first), last = try #require(frames.last)
            #expect(last.number + 1 == frames.count + others)
            #expect(zip(frames, frames.dropFirst()).allSatisfy { $0.captured < $1.captured })
            #expect(frames.allSatisfy { $0.captured <= $0.arrived })
            #expect(first.frame.planes.count == first.frame.format.planeCount)
        }

        @Test(arguments: [PixelFormat.yuyv, .uyvy, .nv12, .i420, .i422, .gray, .rgb24, .jpeg])
        func everyFormatThatIsOfferedIsDelivered(_ format: PixelFormat) throws {
            let camera = try #require(CameraReport().cameras.first { $0.problem == nil })
            guard camera.offers.contains(where: { $0.code.pixelFormat == format }) else {
                print("SKIPPED: \(camera.name) does not offer \(format.rawValue)")
                return
            }
            let settings = CameraSettings(device: camera.node.path, wish: CameraWish(format: format))
            let (frames, _) = try stream(settings, frames: 5)
            #expect(frames.count == 5)
            #expect(frames.allSatisfy { $0.frame.format == format })
        }

        @Test func aSecondUserIsToldWhoTheFirstIs() throws {
            let first = try Camera(CameraSettings())
            while let event = try first.next(within: .seconds(10)) {
                if case .frame = event { break }
            }
            let second = try Camera(CameraSettings())
            var error: CaptureError?
            while error == nil, let event = try second.next(within: .seconds(10)) {
                if case .connection(let status) = event { error = status.error }
            }
            #expect(error?.code == .busy)
            #expect(error?.message.contains("this very process") == true)
        }
    }
}

extension Frame {
    /// A frame over bytes of its own, so that the camera has its buffer back.
    fileprivate func copied() throws -> Frame {
        let all = PictureBytes(count: planes.reduce(0) { $0 + $1.bytes.count })
        var offset = 0
        let copies = planes.map { plane in
            let part = UnsafeMutableRawBufferPointer(rebasing: all.memory[offset..<offset + plane.bytes.count])
            part.copyMemory(from: plane.bytes)
            offset += plane.bytes.count
            return Plane(bytes: UnsafeRawBufferPointer(part), stride: plane.stride)
        }
        return Frame(format: format, width: width, height: height, color: color, planes: copies, storage: all)
    }
}
