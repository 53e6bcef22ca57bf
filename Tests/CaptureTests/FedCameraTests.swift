import Foundation
import Media
import Testing

@testable import Capture

/// A camera that gives one JPEG picture again and again, and what another decoder made of that picture.
enum FedCamera {
    static let missing: Comment =
        "SKIPPED: HEED_FED_JPEG and HEED_FED_PIXELS do not name a picture that a camera is fed"

    static func file(_ variable: String) -> Data? {
        ProcessInfo.processInfo.environment[variable].flatMap { try? Data(contentsOf: URL(filePath: $0)) }
    }
}

extension CameraInUseTests {
    @Suite(.serialized, .enabled(if: FedCamera.file("HEED_FED_JPEG") != nil, FedCamera.missing))
    struct FedCameraTests {
        private func frames(_ count: Int) throws -> [Frame] {
            let camera = try Camera(CameraSettings(wish: CameraWish(size: PictureSize(640, 480), format: .jpeg)))
            defer { camera.stop() }
            var frames: [Frame] = []
            while frames.count < count, let event = try camera.next(within: .seconds(20)) {
                if case .frame(let captured) = event { frames.append(captured.frame) }
            }
            return frames
        }

        @Test func aPictureHasTheBytesThatItsCameraWasFed() throws {
            let fed = try #require(FedCamera.file("HEED_FED_JPEG"))
            let frames = try frames(1)
            let frame = try #require(frames.first)
            #expect(frame.format == .jpeg)
            #expect(Data(frame.planes[0].bytes) == fed)
        }

        @Test func aPictureIsWhatAnotherDecoderMakesOfIt() throws {
            let reference = try #require(FedCamera.file("HEED_FED_PIXELS"))
            let frames = try frames(1)
            let frame = try #require(frames.first)
            let pixels = UnsafeMutableRawBufferPointer.allocate(byteCount: 3 * 640 * 480, alignment: 16)
            defer { pixels.deallocate() }
            try FrameConverter().convert(frame, crop: CenterCrop(margin: 0), width: 640, height: 480, into: pixels)
            try #require(reference.count == pixels.count)
            let differences = zip(pixels, reference).map { abs(Int($0) - Int($1)) }
            let mean = Double(differences.reduce(0, +)) / Double(differences.count)
            let most = differences.max() ?? 0
            print("difference to the other decoder's picture: \(mean) of 255 in the mean, \(most) at most")
            #expect(mean < 1)
            #expect(most <= 8)
        }
    }
}
