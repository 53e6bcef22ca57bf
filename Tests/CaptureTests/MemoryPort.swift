import Glibc
import Media
import Synchronization
import Testing

@testable import Capture

/// A stream out of the test's own memory: it fills the buffers that are queued, as a script says.
final class MemoryPort: CameraPort, @unchecked Sendable {  // `buffers` never changes; the rest is locked.
    /// What the stream does next.
    enum Step {
        /// Fills a buffer; the picture's first byte is the sequence number's lowest.
        case frame(UInt32, bytes: Int? = nil, isDamaged: Bool = false)
        /// Has nothing until the next wait.
        case pause
        /// Does something at a wait, such as taking what was delivered.
        case act(Act)
        /// Fails the next call to dequeue.
        case fail(Int32)

        static func act(_ run: @escaping @Sendable () -> Void) -> Step { .act(Act(run)) }
    }

    /// Something to do; an object, for a closure that passes through generic code is wrapped anew each time.
    final class Act: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private struct State {
        var steps: [Step]
        var at = 0
        /// As bits of a word: in a debug build, an array's own methods allocate.
        var queued: UInt64 = 0
        var starts = 0
        var waits = 0
        var leastQueued = Int.max
    }

    let buffers: [UnsafeMutableRawBufferPointer]
    let shape: FrameShape
    private let stopSignal: StopSignal
    private let state: Mutex<State>
    private let unmapped = Atomic(0)

    /// Makes a stream of gray pictures; when the script is over, it asks the loop to stop.
    init(_ steps: [Step], buffers count: Int, stop: StopSignal, size: PictureSize = PictureSize(8, 4)) throws {
        stopSignal = stop
        shape = try #require(
            FrameShape(
                V4L2.Format(
                    code: FourCC("GREY"), width: size.width, height: size.height, bytesPerRow: size.width,
                    byteCount: size.pixels, color: .video, memoryCount: 1, isInterlaced: false)))
        buffers = (0..<count).map { _ in .allocate(byteCount: size.pixels, alignment: 16) }
        state = Mutex(State(steps: steps))
    }

    var starts: Int { state.withLock { $0.starts } }
    var waits: Int { state.withLock { $0.waits } }
    var leastQueued: Int { state.withLock { $0.leastQueued } }
    /// The buffers given up by the stream's memory.
    var unmappedCount: Int { unmapped.load(ordering: .relaxed) }

    func memory(pool: Int, bell: Bell) -> CameraMemory {
        CameraMemory(shape: shape, mapped: buffers, poolCount: pool, bell: bell) { bytes in
            self.unmapped.add(1, ordering: .relaxed)
            bytes.deallocate()
        }
    }

    func wait(bell: Int32, milliseconds: Int32) throws(SystemCallError) -> Kernel.Readiness {
        let act: Act? = state.withLock { state in
            state.waits += 1
            guard state.at < state.steps.count else { return nil }
            switch state.steps[state.at] {
            case .pause:
                state.at += 1
                return nil
            case .act(let act):
                state.at += 1
                return act
            default: return nil
            }
        }
        act?.run()
        if state.withLock({ $0.at == $0.steps.count }) { stopSignal.stop() }
        return Kernel.Readiness(first: Int16(POLLIN), second: 1)
    }

    func dequeue() throws(SystemCallError) -> V4L2.Dequeued {
        let (result, failure) = state.withLock { state -> (V4L2.Dequeued, Int32) in
            guard state.at < state.steps.count else { return (.nothing, 0) }
            switch state.steps[state.at] {
            case .pause, .act: return (.nothing, 0)
            case .fail(let number):
                state.at += 1
                return (.nothing, number)
            case .frame(let sequence, let bytes, let isDamaged):
                state.leastQueued = min(state.leastQueued, state.queued.nonzeroBitCount)
                guard state.queued != 0 else { return (.nothing, 0) }
                let index = state.queued.trailingZeroBitCount
                state.at += 1
                state.queued &= ~(1 << UInt64(index))
                buffers[index][0] = UInt8(truncatingIfNeeded: sequence)
                return (
                    .buffer(
                        DequeuedBuffer(
                            index: index, sequence: sequence, byteCount: bytes ?? buffers[index].count,
                            isDamaged: isDamaged, stamp: nil)), 0
                )
            }
        }
        if failure != 0 { throw SystemCallError(call: "dequeue", number: failure) }
        return result
    }

    func queue(_ index: Int) throws(SystemCallError) {
        state.withLock { state in
            precondition(state.queued & 1 << UInt64(index) == 0, "a buffer was queued twice")
            state.queued |= 1 << UInt64(index)
        }
    }

    func start() throws(SystemCallError) { state.withLock { $0.starts += 1 } }
    func stop() throws(SystemCallError) { state.withLock { $0.queued = 0 } }
}

/// A capture loop over a `MemoryPort`, with what it left behind.
final class Capturing: @unchecked Sendable {  // Used by one thread: the loop runs on the test's own.
    let port: MemoryPort
    let mailbox: CameraMailbox
    let stopSignal: StopSignal
    var events: [CameraEvent] = []
    let keeping: FrameKeeping

    init(_ steps: [MemoryPort.Step], buffers: Int = 4, keeping: FrameKeeping = .all, capacity: Int = 256) throws {
        stopSignal = try StopSignal()
        mailbox = try CameraMailbox(keeping: keeping, capacity: capacity)
        port = try MemoryPort(steps, buffers: buffers, stop: stopSignal)
        self.keeping = keeping
    }

    func loop(pool: Int, first: Int = 0, since: MonotonicTime? = nil) -> CaptureLoop<MemoryPort> {
        CaptureLoop(
            port: port, memory: port.memory(pool: pool, bell: stopSignal.bell), mailbox: mailbox, stop: stopSignal,
            keeping: keeping, interval: .milliseconds(33), first: first, since: since)
    }

    /// Runs the script to its end, or to the stream's.
    func run(pool: Int = 4) throws -> CaptureLoop<MemoryPort>.End {
        var loop = loop(pool: pool)
        try loop.start()
        return loop.run()
    }

    /// Takes all that waits.
    func take() { while let event = try? mailbox.next(until: .now()) { events.append(event) } }

    /// The events so far, in few letters.
    var story: [String] {
        take()
        return events.map { event in
            switch event {
            case .frame(let frame): "frame \(frame.number)"
            case .missing(.superseded(let number, _)): "superseded \(number)"
            case .missing(.damaged(let number, _, let damage)): "\(damage.rawValue) \(number)"
            case .missing(.lost(let first, let count, _)): "lost \(first)+\(count)"
            case .missing(.outage(let first, let count, _, _)): "outage \(first)+\(count)"
            case .missing(.uncounted(let superseded, let damaged, let lost)):
                "uncounted \(superseded) \(damaged) \(lost)"
            case .connection(let status): "\(status.phase)"
            case .ended: "ended"
            }
        }
    }
}
