import Glibc
import Media
import Synchronization
import Units

/// What the capture loop needs of a device that streams into mapped buffers.
protocol CameraPort: Sendable {
    /// Waits until the device or `bell` is ready.
    func wait(bell: Int32, milliseconds: Int32) throws(SystemCallError) -> Kernel.Readiness
    /// Takes a filled buffer.
    func dequeue() throws(SystemCallError) -> V4L2.Dequeued
    /// Gives a buffer to the driver.
    func queue(_ index: Int) throws(SystemCallError)
    /// Starts the stream.
    func start() throws(SystemCallError)
    /// Ends the stream.
    func stop() throws(SystemCallError)
}

extension V4L2: CameraPort {
    func wait(bell: Int32, milliseconds: Int32) throws(SystemCallError) -> Kernel.Readiness {
        try Kernel.poll(file, bell, milliseconds: milliseconds)
    }
}

/// Asks a capture thread to end.
final class StopSignal: Sendable {
    /// Rings when a thread should look around: it is to stop, or a buffer came back.
    let bell: Bell
    private let isSet = Atomic(false)

    init() throws(SystemCallError) { bell = try Bell() }

    /// Whether the thread is to end.
    var isStopped: Bool { isSet.load(ordering: .acquiring) }

    /// Asks it to end; on any thread.
    func stop() {
        isSet.store(true, ordering: .releasing)
        bell.ring()
    }
}

/// Takes frames from a device that streams, until the stream ends.
///
/// From `run`'s first frame on it neither allocates nor takes a lock that slow code holds.
struct CaptureLoop<Port: CameraPort>: ~Copyable {
    /// How a stream ended.
    enum End: Hashable {
        /// It was asked to.
        case stopped
        /// By itself, after so many good frames.
        case lost(CameraConnection.Loss, frames: Int)
    }

    /// Errors of the driver's in a row that mean that the stream is lost.
    static var errorLimit: Int { 3 }

    private let port: Port
    private let memory: CameraMemory
    private let mailbox: CameraMailbox
    private let stopSignal: StopSignal
    private let keeping: FrameKeeping
    private let interval: Duration
    private var book: BufferBook
    private var intake: FrameIntake
    private var watchdog: StallWatchdog
    private var errors = 0
    private var framesBefore = 0
    /// The newest frame of a drain that only keeps the newest.
    private var pending: (index: Int, buffer: DequeuedBuffer, verdict: FrameIntake.Verdict, arrived: MonotonicTime)?
    /// When the last frame before an outage that goes on was captured; nil while frames come.
    private(set) var outageSince: MonotonicTime?
    private var lastCaptured: MonotonicTime?

    /// Makes the loop of a stream that has not started; its first frame is number `first`. `since` is when the last
    /// frame was captured before an outage that goes on.
    init(
        port: Port, memory: CameraMemory, mailbox: CameraMailbox, stop: StopSignal, keeping: FrameKeeping,
        interval: Duration, first: Int, since: MonotonicTime?
    ) {
        self.port = port
        self.memory = memory
        self.mailbox = mailbox
        stopSignal = stop
        self.keeping = keeping
        self.interval = interval
        book = BufferBook(mapped: memory.mappedCount, pool: memory.poolCount)
        intake = FrameIntake(first: first, interval: interval, leastBytes: memory.shape.leastBytes)
        watchdog = StallWatchdog(interval: interval, now: .now())
        outageSince = since
        lastCaptured = since
    }

    /// The number of the next frame.
    var next: Int { intake.next }
    /// Whether nothing of the stream's memory is lent.
    var isAllBack: Bool {
        mutating get {
            book.giveBack(memory.collect())
            return book.lent == 0
        }
    }

    /// Queues all buffers and starts the stream.
    mutating func start() throws(SystemCallError) {
        try queueIdle()
        try port.start()
        watchdog = StallWatchdog(interval: interval, now: .now())
    }

    /// Switches the stream off and on; what is lent stays lent.
    mutating func restart() throws(SystemCallError) {
        try port.stop()
        pending = nil
        book.stopped()
        intake.restart()
        errors = 0
        framesBefore = intake.goodFrames
        try start()
    }

    /// Takes frames until the stream ends.
    mutating func run() -> End {
        while !stopSignal.isStopped {
            do throws(SystemCallError) {
                let ready = try port.wait(
                    bell: stopSignal.bell.file, milliseconds: watchdog.patience(now: .now()))
                if ready.second != 0 { stopSignal.bell.silence() }
                try takeBack()
                if ready.first != 0 {
                    let before = intake.frames
                    try drain()
                    // An error that brings no frame and no error number would be found again at once.
                    if intake.frames == before, ready.first & Int16(POLLERR | POLLHUP | POLLNVAL) != 0 { errors += 1 }
                }
            } catch {
                if error.number == ENODEV || error.number == ENXIO { return lost(.disconnected) }
                guard error.number == EIO else { return lost(.errors) }
                errors += 1
            }
            if errors >= Self.errorLimit || intake.isBurst { return lost(.errors) }
            if watchdog.hasStalled(now: .now()) { return lost(.stalled) }
        }
        return .stopped
    }

    private mutating func lost(_ loss: CameraConnection.Loss) -> End {
        outageSince = lastCaptured
        return .lost(loss, frames: intake.goodFrames - framesBefore)
    }

    private mutating func drain() throws(SystemCallError) {
        // Whatever the driver says next, the frame that was taken is delivered.
        do throws(SystemCallError) {
            // A driver may fill the buffers as fast as they are given back to it: of such a stream, too, frames are
            // delivered.
            for _ in 0..<memory.mappedCount {
                guard case .buffer(let buffer) = try port.dequeue() else { break }
                try take(buffer)
            }
        } catch {
            try? deliverPending()
            throw error
        }
        try deliverPending()
    }

    private mutating func take(_ buffer: DequeuedBuffer) throws(SystemCallError) {
        // A number that no buffer has comes from a driver gone mad.
        guard book.dequeue(buffer.index) else { throw SystemCallError(call: "VIDIOC_DQBUF", number: EINVAL) }
        let arrived = MonotonicTime.now()
        watchdog.fed(now: arrived)
        errors = 0
        if let since = outageSince { tellOutage(since, arrived) }
        var buffer = buffer
        if buffer.offset + buffer.byteCount > memory.capacity(of: buffer.index) { buffer.isDamaged = true }
        let verdict = intake.take(buffer, arrival: arrived)
        lastCaptured = verdict.captured
        if verdict.lost > 0 {
            try deliverPending()
            mailbox.post(
                .event(.missing(.lost(first: verdict.number - verdict.lost, count: verdict.lost, .driver))))
        }
        if let damage = verdict.damage {
            try deliverPending()
            mailbox.post(.event(.missing(.damaged(number: verdict.number, captured: verdict.captured, damage))))
            return try giveToDriver(buffer.index)
        }
        if let before = pending {
            pending = nil
            mailbox.post(
                .event(.missing(.superseded(number: before.verdict.number, captured: before.verdict.captured))))
            try giveToDriver(before.index)
        }
        pending = (buffer.index, buffer, verdict, arrived)
        if keeping == .all { try deliverPending() }
    }

    private mutating func deliverPending() throws(SystemCallError) {
        guard let (index, buffer, verdict, arrived) = pending else { return }
        pending = nil
        var held = (slot: index, offset: buffer.offset)
        switch book.place(index) {
        case .lease: break
        case .copy(let slot):
            memory.copy(index, offset: buffer.offset, byteCount: buffer.byteCount, to: slot)
            held = (slot, 0)
        case .none:
            mailbox.post(.event(.missing(.superseded(number: verdict.number, captured: verdict.captured))))
            return try giveToDriver(index)
        }
        mailbox.post(
            .frame(
                CameraMailbox.Held(
                    memory: memory, slot: held.slot, offset: held.offset, byteCount: buffer.byteCount,
                    number: verdict.number, captured: verdict.captured, quality: verdict.quality, arrived: arrived)))
        if held.slot != index { try giveToDriver(index) }
        try takeBack()
    }

    /// Numbers go on as if the camera had delivered all the while.
    private mutating func tellOutage(_ since: MonotonicTime, _ now: MonotonicTime) {
        outageSince = nil
        let missing = MissingFrames.away(first: intake.next, from: since, to: now, interval: interval)
        mailbox.post(.event(.missing(missing)))
        intake.skip(missing.count)
    }

    private mutating func takeBack() throws(SystemCallError) {
        let slots = memory.collect()
        guard slots != 0 else { return }
        book.giveBack(slots)
        try queueIdle()
    }

    private mutating func queueIdle() throws(SystemCallError) {
        var idle = book.idle
        while idle != 0 {
            let index = idle.trailingZeroBitCount
            idle &= idle - 1
            try giveToDriver(index)
        }
    }

    private mutating func giveToDriver(_ index: Int) throws(SystemCallError) {
        try port.queue(index)
        book.queue(index)
    }
}
