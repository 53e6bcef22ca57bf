import Glibc
import Media
import Synchronization
import Testing

@_spi(Measuring) @testable import Capture

/// Cameras whose driver is in this process.
struct FrameDriverTests {
    /// Fills the buffers that are queued when it is told to.
    private final class Driver: FrameDriver {
        let mode = CameraMode(
            code: FourCC("YUYV"), format: .yuyv, size: PictureSize(4, 2), interval: FrameInterval(rate: 30))
        nonisolated(unsafe) let buffers: [UnsafeMutableRawBufferPointer]
        private let bell: Bell
        private let filled = Mutex<[FilledBuffer]>([])
        private let queued = Mutex<[Int]>([])

        init(bytes: Int = 16) throws {
            buffers = (0..<3).map { _ in .allocate(byteCount: bytes, alignment: 16) }
            bell = try Bell()
        }

        deinit { buffers.forEach { $0.deallocate() } }

        var file: Int32 { bell.file }
        func start() {}
        func stop() {}
        func queue(_ index: Int) { queued.withLock { $0.append(index) } }

        func fill(_ sequence: UInt32, with byte: UInt8) throws {
            let index = try #require(queued.withLock { $0.isEmpty ? nil : $0.removeFirst() })
            _ = buffers[index].initializeMemory(as: UInt8.self, repeating: byte)
            filled.withLock { $0.append(FilledBuffer(index: index, sequence: sequence, captured: .now())) }
            bell.ring()
        }

        func dequeue() -> FilledBuffer? {
            bell.silence()
            return filled.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
    }

    /// The next event of a camera that is not on its connection.
    private func event(_ camera: Camera) throws -> CameraEvent? {
        while let event = try camera.next(within: .seconds(20)) {
            guard case .connection = event else { return event }
        }
        return nil
    }

    @Test func aDriverInThisProcessStreamsAsACameraDoes() throws {
        let driver = try Driver()
        let camera = try Camera(driver: driver)
        guard case .connection(let status)? = try camera.next(within: .seconds(20)) else {
            Issue.record("it does not say that it streams")
            return
        }
        #expect(status.phase == .streaming && status.choice?.mode == driver.mode)

        try driver.fill(7, with: 1)
        guard case .frame(let first)? = try event(camera) else {
            Issue.record("no frame came")
            return
        }
        #expect(first.number == 0 && first.timeQuality == .device)
        #expect(first.frame.planes[0].bytes.allSatisfy { $0 == 1 })
        try driver.fill(9, with: 2)
        guard case .missing(.lost(first: 1, count: 1, .driver))? = try event(camera),
            case .frame(let second)? = try event(camera)
        else {
            Issue.record("the gap in the driver's numbers is not told")
            return
        }
        #expect(second.number == 2 && second.frame.planes[0].bytes.allSatisfy { $0 == 2 })

        camera.stop()
        guard case .ended? = try event(camera) else {
            Issue.record("it does not end")
            return
        }
    }

    @Test func buffersTooSmallForThePictureAreRefused() throws {
        let driver = try Driver(bytes: 15)
        #expect { try Camera(driver: driver) } throws: {
            ($0 as? CaptureError)?.message == "YUYV 4×2 30/s: the driver's buffers do not hold such pictures"
        }
    }
}
