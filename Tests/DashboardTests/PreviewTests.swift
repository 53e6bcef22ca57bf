import Media
import NIOCore
import Testing

@testable import Dashboard

/// The pictures that viewers get.
@Suite(.timeLimit(.minutes(1)))
struct PreviewTests {
    private let feed = PreviewFeed()
    private let encoder: PreviewEncoder

    init() { encoder = PreviewEncoder(feed: feed) }

    private func frame(_ width: Int, _ height: Int, rotation: Frame.Rotation = .none) -> Frame {
        let storage = PictureBytes(count: width * height * 3)
        for index in storage.memory.indices { storage.memory[index] = UInt8(truncatingIfNeeded: index / 7) }
        return Frame(
            format: .rgb24, width: width, height: height, color: .jpeg,
            planes: [Frame.Plane(bytes: storage.bytes, stride: width * 3)], rotation: rotation, storage: storage)
    }

    private func size(of picture: ByteBuffer) throws -> [Int] {
        let size = try #require(picture.withUnsafeReadableBytes { JPEGSize($0) })
        return [size.width, size.height]
    }

    @Test(arguments: [
        (1280, 720, Frame.Rotation.none, [640, 360]), (1280, 720, .quarter, [270, 480]), (320, 240, .none, [320, 240]),
        (640, 480, .half, [640, 480]),
    ])
    func `A picture is upright and fits`(
        width: Int, height: Int, rotation: Frame.Rotation, expected: [Int]
    ) async throws {
        defer { encoder.stop() }
        feed.count(1)
        encoder.see(frame(width, height, rotation: rotation))
        let picture = try #require(await feed.next(after: 0)).picture
        #expect(try size(of: picture) == expected)
    }

    @Test func `While nobody looks no picture is made, and of two frames at once one`() async throws {
        defer { encoder.stop() }
        encoder.see(frame(320, 240))
        feed.count(1)
        encoder.see(frame(64, 48))
        encoder.see(frame(320, 240))
        let (picture, number) = try #require(await feed.next(after: 0))
        #expect(number == 1)
        #expect(try size(of: picture) == [64, 48])
    }

    @Test func `A picture goes once to each who looks`() async throws {
        defer { encoder.stop() }
        feed.count(2)
        encoder.see(frame(64, 48))
        #expect(await feed.next(after: 0)?.number == 1)
        #expect(await feed.next(after: 0)?.number == 1)
        let waiting = Task { await feed.next(after: 1)?.number }
        waiting.cancel()
        #expect(await waiting.value == nil)
    }
}
