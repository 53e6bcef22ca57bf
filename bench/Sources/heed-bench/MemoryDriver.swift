@_spi(Measuring) import Capture
import Foundation
import Glibc
import Media
import Synchronization
import Units

/// Fills a camera's buffers from memory as a camera's driver does: at a steady rate, each filled buffer made known
/// through a file.
///
/// A frame's time is when its picture is whole. A frame that is due while no buffer is queued is lost.
final class MemoryDriver: FrameDriver, @unchecked Sendable {
    // `copies` is written by the filling thread alone and read once that has ended; the rest is atomic or never
    // changes.

    let mode: CameraMode
    let buffers: [UnsafeMutableRawBufferPointer]
    let file: Int32
    /// What each copy of a picture into a buffer took, in nanoseconds; empty until the stream has ended.
    var copies: [Int64] {
        filling.wait()
        filling.signal()
        return filled
    }

    private let pictures: Data
    private let writeEnd: Int32
    private let queued = Atomic<UInt64>(0)
    private let isStopped = Atomic(false)
    private let filling = DispatchSemaphore(value: 0)
    private var filled: [Int64] = []

    /// Makes a driver of `bufferCount` buffers that streams the pictures again and again.
    ///
    /// - Parameter pictures: Whole pictures of the mode's format and size, one after the other.
    init(_ mode: CameraMode, pictures: Data, bufferCount: Int = 4) throws {
        var ends: (Int32, Int32) = (-1, -1)
        let status = withUnsafeMutableBytes(of: &ends) { pipe($0.bindMemory(to: Int32.self).baseAddress) }
        guard status == 0, fcntl(ends.0, F_SETFL, O_NONBLOCK) == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EMFILE)
        }
        (file, writeEnd) = ends
        self.mode = mode
        self.pictures = pictures
        let byteCount = mode.size.pixels * 2
        buffers = (0..<bufferCount).map { _ in .allocate(byteCount: byteCount, alignment: 4096) }
        filled.reserveCapacity(1 << 16)
    }

    deinit {
        buffers.forEach { $0.deallocate() }
        close(file)
        close(writeEnd)
    }

    func queue(_ index: Int) { queued.bitwiseOr(1 << UInt64(index), ordering: .acquiringAndReleasing) }

    func dequeue() -> FilledBuffer? {
        var filled = FilledBuffer(index: 0, sequence: 0, captured: MonotonicTime(nanoseconds: 0))
        let size = MemoryLayout<FilledBuffer>.size
        return read(file, &filled, size) == size ? filled : nil
    }

    func start() {
        let thread = Thread { [self] in
            fill()
            filling.signal()
        }
        thread.name = "driver"
        thread.start()
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    private func fill() {
        let interval = mode.interval?.duration ?? .milliseconds(33)
        let count = pictures.count / buffers[0].count
        var due = MonotonicTime.now()
        var sequence: UInt32 = 0
        while !isStopped.load(ordering: .relaxed) {
            due = due + interval
            due.sleep()
            defer { sequence += 1 }
            let free = queued.load(ordering: .acquiring)
            guard free != 0 else { continue }
            let index = free.trailingZeroBitCount
            queued.bitwiseAnd(~(1 << UInt64(index)), ordering: .acquiringAndReleasing)
            let begin = MonotonicTime.now()
            pictures.withUnsafeBytes { bytes in
                let offset = Int(sequence) % count * buffers[index].count
                buffers[index].copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + buffers[index].count]))
            }
            var known = FilledBuffer(index: index, sequence: sequence, captured: .now())
            filled.append((known.captured - begin).nanoseconds)
            write(writeEnd, &known, MemoryLayout<FilledBuffer>.size)
        }
    }
}
