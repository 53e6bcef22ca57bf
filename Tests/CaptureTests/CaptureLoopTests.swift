import CAllocationCount
import Glibc
import Media
import Synchronization
import Testing
import Units

@testable import Capture

/// The capture loop, on streams out of memory.
struct CaptureLoopTests {
    private func frames(_ sequences: some Sequence<Int>) -> [MemoryPort.Step] {
        sequences.map { .frame(UInt32($0)) }
    }

    @Test func framesAreDeliveredInOrderWithTheirBytes() throws {
        let capturing = try Capturing([.frame(7), .pause, .frame(8), .pause])
        #expect(try capturing.run() == .stopped)
        #expect(capturing.story == ["frame 0", "frame 1"])
        let bytes = capturing.events.map { event -> UInt8? in
            guard case .frame(let frame) = event else { return nil }
            return frame.frame.planes[0].bytes[0]
        }
        #expect(bytes == [7, 8])
    }

    @Test func ofADrainOnlyTheNewestFrameIsKept() throws {
        let capturing = try Capturing(frames(0..<3) + [.pause], keeping: .newest)
        _ = try capturing.run()
        #expect(capturing.story == ["superseded 0", "superseded 1", "frame 2"])
    }

    @Test func aFrameThatNobodyTookGivesItsPlaceToANewerOne() throws {
        let capturing = try Capturing([.frame(0), .pause, .frame(1), .pause, .frame(2), .pause], keeping: .newest)
        _ = try capturing.run()
        #expect(capturing.story == ["superseded 0", "superseded 1", "frame 2"])
    }

    @Test func aDriverThatFillsBuffersAtOnceDoesNotKeepTheNewestFrameForever() throws {
        let capturing = try Capturing(frames(0..<9) + [.pause], buffers: 3, keeping: .newest)
        _ = try capturing.run()
        #expect(capturing.story.last == "frame 8")
        #expect(capturing.port.waits >= 3, "the loop went on taking frames and delivered none")
    }

    @Test func gapsInTheDriversCountAreLost() throws {
        let capturing = try Capturing(frames([3, 4, 7, 8]))
        _ = try capturing.run()
        #expect(capturing.story == ["frame 0", "frame 1", "lost 2+2", "frame 4", "frame 5"])
    }

    @Test func damagedFramesAreToldAndTheStreamGoesOn() throws {
        let capturing = try Capturing([.frame(0), .frame(1, isDamaged: true), .frame(2, bytes: 31), .frame(3)])
        #expect(try capturing.run() == .stopped)
        #expect(capturing.story == ["frame 0", "flagged 1", "truncated 2", "frame 3"])
    }

    @Test func twoBuffersStayWithTheDriverAndTheRestIsCopied() throws {
        let capturing = try Capturing(frames(0..<6))
        _ = try capturing.run(pool: 2)
        // Two of four buffers are lent, two frames are copied, and for the rest there is no memory.
        #expect(
            capturing.story == ["frame 0", "frame 1", "frame 2", "frame 3", "superseded 4", "superseded 5"])
        #expect(capturing.port.leastQueued == 2)
    }

    @Test func aCopyHasTheFramesOwnBytesWhateverComesLater() throws {
        let capturing = try Capturing(frames(0..<40), buffers: 2)
        _ = try capturing.run(pool: 3)
        capturing.take()
        let bytes = capturing.events.compactMap { event -> UInt8? in
            guard case .frame(let frame) = event else { return nil }
            return frame.frame.planes[0].bytes[0]
        }
        #expect(bytes == [0, 1, 2])
    }

    @Test func framesThatAreLetGoOfMakeRoomForOthers() throws {
        let holder = Mutex<Capturing?>(nil)
        let takeAndLetGo: MemoryPort.Step = .act {
            holder.withLock { capturing in while (try? capturing?.mailbox.next(until: .now())) ?? nil != nil {} }
        }
        let steps = (0..<100).flatMap { [MemoryPort.Step.frame(UInt32($0)), takeAndLetGo] }
        let capturing = try Capturing(steps + frames(100..<103))
        holder.withLock { $0 = capturing }
        _ = try capturing.run(pool: 0)
        holder.withLock { $0 = nil }
        #expect(capturing.story == ["frame 100", "frame 101", "superseded 102"])
    }

    @Test func memoryLivesAsLongAsAFrameInItAndNoLonger() throws {
        let capturing = try Capturing([.frame(9), .pause])
        _ = try capturing.run()
        capturing.take()
        guard case .frame(let last)? = capturing.events.first else {
            Issue.record("no frame came")
            return
        }
        capturing.events = []
        var kept: CapturedFrame? = last
        #expect(capturing.port.unmappedCount == 0)
        #expect(kept?.frame.planes[0].bytes[0] == 9)
        withExtendedLifetime(kept) {}
        kept = nil
        _ = consume last
        #expect(capturing.port.unmappedCount == 4)
    }

    @Test(arguments: [
        (ENODEV, CameraConnection.Loss.disconnected), (ENXIO, .disconnected), (EINVAL, .errors), (EPIPE, .errors),
    ])
    func anErrorOfTheDriversEndsTheStream(_ number: Int32, _ loss: CameraConnection.Loss) throws {
        let capturing = try Capturing(frames(0..<2) + [.fail(number), .frame(2)])
        #expect(try capturing.run() == .lost(loss, frames: 2))
        #expect(capturing.story == ["frame 0", "frame 1"])
    }

    @Test func inputErrorsEndTheStreamOnlyInARow() throws {
        let once = try Capturing([.fail(EIO), .fail(EIO), .frame(0), .fail(EIO), .fail(EIO), .frame(1)])
        #expect(try once.run() == .stopped)
        let often = try Capturing([.frame(0), .fail(EIO), .fail(EIO), .fail(EIO), .frame(1)])
        #expect(try often.run() == .lost(.errors, frames: 1))
    }

    @Test func aBurstOfDamagedFramesBeforeTheDeviceGoesIsOneLoss() throws {
        let damaged = (0..<4).map { MemoryPort.Step.frame(UInt32($0), isDamaged: true) }
        let unplugged = try Capturing(damaged + [.fail(ENODEV)])
        #expect(try unplugged.run() == .lost(.disconnected, frames: 0))
        let broken = try Capturing((0..<20).map { .frame(UInt32($0), isDamaged: true) } + [.pause])
        #expect(try broken.run() == .lost(.errors, frames: 0))
    }

    @Test func aRestartQueuesWhatIsNotLentAndNumbersGoOn() throws {
        let capturing = try Capturing(frames(50..<52))
        var loop = capturing.loop(pool: 0)
        try loop.start()
        _ = loop.run()
        try loop.restart()
        #expect(capturing.port.starts == 2)
        #expect(capturing.story == ["frame 0", "frame 1"])
        let isAllBackWhileLent = loop.isAllBack
        capturing.events = []
        let isAllBackAfterwards = loop.isAllBack
        #expect(!isAllBackWhileLent && isAllBackAfterwards)
    }

    @Test func whatNobodyTakesIsSummedUp() throws {
        let steps = (0..<100).map { MemoryPort.Step.frame(UInt32($0), isDamaged: $0 % 4 == 1) }
        let capturing = try Capturing(steps, keeping: .all, capacity: 10)
        _ = try capturing.run()
        capturing.take()
        var frames = 0
        for event in capturing.events {
            switch event {
            case .frame, .missing(.superseded), .missing(.damaged): frames += 1
            case .missing(.uncounted(let superseded, let damaged, let lost)): frames += superseded + damaged + lost
            default: break
            }
        }
        #expect(frames == 100)
        #expect(capturing.events.count <= 11)
    }

    @Test(arguments: [FrameKeeping.newest, .all])
    func everyFrameThatTheDriverCountedIsToldOnce(_ keeping: FrameKeeping) throws {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<50 {
            let holder = Mutex<Capturing?>(nil)
            var sequence: UInt32 = 0
            var steps: [MemoryPort.Step] = []
            for _ in 0..<60 {
                switch Int.random(in: 0..<6, using: &random) {
                case 0: steps.append(.pause)
                case 1: steps.append(.act { holder.withLock { $0?.take() } })
                case 2:
                    steps.append(
                        .act {
                            holder.withLock { $0?.events.removeAll { if case .frame = $0 { true } else { false } } }
                        })
                default:
                    sequence += UInt32.random(in: 1...3, using: &random)
                    steps.append(.frame(sequence, isDamaged: Int.random(in: 0..<8, using: &random) == 0))
                }
            }
            let capturing = try Capturing(
                steps + [.pause], buffers: .random(in: 2...6, using: &random), keeping: keeping)
            holder.withLock { $0 = capturing }
            _ = try capturing.run(pool: .random(in: 0...3, using: &random))
            holder.withLock { $0 = nil }
            capturing.take()
            withKnownNumbers(capturing)
        }
    }

    /// Expects the numbers of what was told, other than frames that were let go of, to be each once and growing.
    private func withKnownNumbers(_ capturing: Capturing) {
        var last = -1
        for event in capturing.events {
            let (first, count): (Int, Int) =
                switch event {
                case .frame(let frame): (frame.number, 1)
                case .missing(.superseded(let number, _)), .missing(.damaged(let number, _, _)): (number, 1)
                case .missing(.lost(let first, let count, _)): (first, count)
                default: (last + 1, 0)
                }
            #expect(first > last)
            last = first + count - 1
        }
    }

    @Test func onceItRunsNothingIsAllocated() throws {
        let counts = Mutex<[UInt64]>([])
        counts.withLock { $0.reserveCapacity(64) }
        let count: MemoryPort.Step = .act {
            let now = allocation_count()
            counts.withLock { $0.append(now) }
        }
        // Frames that are delivered, superseded, damaged, lost and copied.
        let round: [MemoryPort.Step] = [
            .frame(0), .pause, .frame(1), .frame(2), .pause, .frame(4, isDamaged: true), .pause, .frame(9), .pause,
            count,
        ]
        for keeping in [FrameKeeping.newest, .all] {
            let steps = (0..<8).flatMap { turn in
                round.map { step -> MemoryPort.Step in
                    if case .frame(let sequence, let bytes, let isDamaged) = step {
                        .frame(UInt32(turn * 10) + sequence, bytes: bytes, isDamaged: isDamaged)
                    } else {
                        step
                    }
                }
            }
            counts.withLock { $0.removeAll(keepingCapacity: true) }
            _ = try Capturing(steps, keeping: keeping).run()
            let seen = counts.withLock { $0 }
            #expect(seen.count == 8)
            #expect(seen[0] > 0, "the count does not work")
            #expect(seen.last == seen[1], "\(keeping): \(seen)")
        }
    }
}

/// The books of a stream's buffers.
struct BufferBookTests {
    @Test func aBufferIsLentOnlyWhileTwoStayQueued() {
        var book = BufferBook(mapped: 3, pool: 1)
        for index in 0..<3 { book.queue(index) }
        #expect(book.dequeue(1) == true)
        #expect(book.place(1) == .lease)
        #expect(book.dequeue(0) == true)
        #expect(book.place(0) == .copy(slot: 3))
        #expect(book.place(0) == .none)
        book.queue(0)
        book.giveBack(1 << 1 | 1 << 3)
        #expect(book.idle == 0b010)
    }

    @Test func aBufferInHandIsNotIdle() {
        var book = BufferBook(mapped: 4, pool: 0)
        for index in 0..<4 { book.queue(index) }
        #expect(book.dequeue(2) == true)
        #expect(book.idle == 0)
        book.queue(2)
        #expect(book.idle == 0)
        book.stopped()
        #expect(book.idle == 0b1111)
    }

    @Test func aBufferThatTheDriverDoesNotHaveCannotComeFromIt() {
        var book = BufferBook(mapped: 2, pool: 2)
        book.queue(0)
        for index in [1, 2, -1, 64, 1000] { #expect(book.dequeue(index) == false) }
        #expect(book.dequeue(0) == true)
        #expect(book.dequeue(0) == false)
    }

    @Test func allSlotsOfAWordCanBeUsed() {
        var book = BufferBook(mapped: 32, pool: 32)
        book.queue(31)
        #expect(book.dequeue(31) == true)
        for _ in 0..<32 { #expect(book.place(31) != .none) }
        #expect(book.place(31) == .none)
        #expect(book.lent.nonzeroBitCount == 32)
        #expect(book.idle.nonzeroBitCount == 31)
    }
}
