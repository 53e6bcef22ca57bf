import Foundation
import Glibc
import Media
import NIOCore
import Pipelines
import Synchronization
import Units

/// Makes JPEG pictures of frames on a thread of its own: at most ten a second, at most 640×480, only while somebody
/// looks.
///
/// It holds one frame at most, so that a camera never waits for its buffers.
final class PreviewEncoder: FrameViewer {
    private static let interval = Duration.milliseconds(100)
    private static let largest = (width: 640, height: 480)
    private static let quality = 75

    private let feed: PreviewFeed
    private let bell = DispatchSemaphore(value: 0)
    private let due = Atomic<Int64>(0)
    private let isBusy = Atomic<Bool>(false)
    private let isStopped = Atomic<Bool>(false)
    private let waiting = Mutex<Frame?>(nil)

    /// Starts the thread.
    init(feed: PreviewFeed) {
        self.feed = feed
        let thread = Thread { [self] in run() }
        thread.name = "heed-preview"
        thread.start()
    }

    func see(_ frame: Frame) {
        guard feed.hasViewers, !isBusy.load(ordering: .acquiring) else { return }
        let now = MonotonicTime.now()
        guard now.nanoseconds >= due.load(ordering: .relaxed) else { return }
        due.store((now + Self.interval).nanoseconds, ordering: .relaxed)
        isBusy.store(true, ordering: .releasing)
        waiting.withLock { $0 = frame }
        bell.signal()
    }

    /// Ends the thread.
    func stop() {
        isStopped.store(true, ordering: .releasing)
        bell.signal()
    }

    private func run() {
        // What viewers see matters less than what is recognised.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
        let converter = FrameConverter()
        let encoder = JPEGEncoder()
        var pixels: [UInt8] = []
        while true {
            bell.wait()
            if isStopped.load(ordering: .acquiring) { return }
            let frame = waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            // A damaged picture has no preview; the results say what is wrong with it.
            if let frame, let picture = try? Self.picture(of: frame, converter, encoder, &pixels) {
                feed.show(picture)
            }
            isBusy.store(false, ordering: .releasing)
        }
    }

    private static func picture(
        of frame: Frame, _ converter: FrameConverter, _ encoder: JPEGEncoder, _ pixels: inout [UInt8]
    ) throws(MediaError) -> ByteBuffer {
        let size = size(of: frame)
        let count = size.width * size.height * 3
        if pixels.count != count { pixels = Array(repeating: 0, count: count) }
        var failure: MediaError?
        let picture: ByteBuffer? = pixels.withUnsafeMutableBytes { bytes in
            do throws(MediaError) {
                try converter.convert(
                    frame, crop: CenterCrop(margin: 0), width: size.width, height: size.height, into: bytes)
                return ByteBuffer(
                    bytes: try encoder.encode(
                        UnsafeRawBufferPointer(bytes), width: size.width, height: size.height, quality: quality))
            } catch {
                failure = error
                return nil
            }
        }
        guard let picture else { throw failure ?? MediaError(.corruptPicture, "the frame has no picture") }
        return picture
    }

    /// The frame's size as it stands upright, made to fit; even, so that nothing of its chroma is cut.
    private static func size(of frame: Frame) -> (width: Int, height: Int) {
        let isSideways = frame.rotation == .quarter || frame.rotation == .threeQuarters
        let (width, height) = isSideways ? (frame.height, frame.width) : (frame.width, frame.height)
        let scale = min(
            1, Double(largest.width) / Double(max(width, 1)), Double(largest.height) / Double(max(height, 1)))
        func scaled(_ length: Int) -> Int { max(2, Int((Double(length) * scale).rounded()) & ~1) }
        return (scaled(width), scaled(height))
    }
}
