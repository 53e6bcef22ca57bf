import Media
import Synchronization
import Units

/// What the capturing thread does, from start to stop: waits, reads, repairs.
///
/// All of it is that thread's alone but `counters`, `stopping`, `arrived` and the reader's side of `ring`. After its
/// start the thread allocates nothing, except where it opens a device anew.
final class MicrophoneLoop: @unchecked Sendable {
    // Made by one thread and then handed to the capturing one, before that starts; see above for what is shared after.

    let ring: SoundRing
    let counters = MicrophoneCounters()
    /// Rings when the thread is to end.
    let stopping: Bell
    /// Rings when the ring has something to take.
    let arrived: Bell

    private let configuration: MicrophoneConfiguration
    private let setting: ALSA.Setting
    private var stream: ALSA.Stream?
    private var timeline: SoundTimeline
    private var recovery: SoundRecovery
    private var stamps: SoundStampCheck
    private var silence: SilenceCheck
    private let waits: WaitSet
    /// Where sound goes that has no room.
    private let spill: UnsafeMutableRawPointer

    /// Takes an open stream over.
    init(
        _ configuration: MicrophoneConfiguration, stream: ALSA.Stream, setting: ALSA.Setting
    ) throws(SystemCallError) {
        stopping = try Bell()
        arrived = try Bell()
        waits = WaitSet(stopping: stopping)
        self.configuration = configuration
        self.setting = setting
        self.stream = stream
        timeline = SoundTimeline(rate: setting.format.rate)
        recovery = SoundRecovery(now: .now())
        stamps = SoundStampCheck(stampsAreMonotonic: setting.stampsAreMonotonic)
        silence = SilenceCheck(rate: setting.format.rate)
        let slotByteCount = setting.periodFrames * setting.format.frameByteCount
        let period = Duration.seconds(Double(setting.periodFrames) / Double(setting.format.rate))
        // One more than the backlog: the last gap's.
        ring = SoundRing(
            slotCount: max(8, Int((configuration.backlog / period).rounded(.up))) + 1, slotByteCount: slotByteCount)
        spill = .allocate(byteCount: slotByteCount, alignment: 64)
        // Each page is there before capture begins; and a device without a card leaves the memory as it was.
        _ = spill.initializeMemory(as: UInt8.self, repeating: 0, count: slotByteCount)
    }

    deinit {
        if let stream { ALSA.close(stream) }
        spill.deallocate()
    }

    /// Captures until `stopping` rings.
    func run() {
        let priority = ThreadPriority.sound.apply()
        counters.priority.withLock { $0 = priority }
        if let stream { waits.watch(stream) }
        var action = SoundRecovery.Action.restart
        while !waits.isStopped {
            let event = perform(action)
            if case .fault(let fault) = event { note(fault) }
            counters.isRunning.store(event == .sound || event == .silence, ordering: .relaxed)
            action = recovery.handle(event, at: .now())
        }
        if let stream { ALSA.close(stream) }
        stream = nil
        counters.isRunning.store(false, ordering: .relaxed)
        timeline.end(at: .now())
        publishGap()
        arrived.ring()
    }

    private func perform(_ action: SoundRecovery.Action) -> SoundRecovery.Event {
        switch action {
        case .read:
            return read()
        case .restart:
            guard let stream else { return .notThere }
            if counters.frames.load(ordering: .relaxed) > 0 { count(counters.restarts) }
            return event(ALSA.start(stream))
        case .resume(let wait):
            pause(wait)
            guard let stream else { return .notThere }
            return event(ALSA.resume(stream))
        case .reopen(let wait):
            if let stream { ALSA.close(stream) }
            stream = nil
            timeline.interrupt(.failed)
            pause(wait)
            return waits.isStopped ? .notThere : reopen()
        }
    }

    private func event(_ result: ALSA.Result) -> SoundRecovery.Event {
        switch result {
        case .frames: .running
        case .notYet: .notYet
        case .unsupported: .unsupported
        case .fault(let fault): .fault(fault)
        }
    }

    /// Waits for a period of sound and reads all there is.
    private func read() -> SoundRecovery.Event {
        guard let stream else { return .notThere }
        let period = 1_000 * setting.periodFrames / setting.format.rate
        let hasFailed = waits.wait(for: stream, milliseconds: max(10, 3 * period))
        if waits.isStopped { return .silence }
        let (result, stamp) = ALSA.available(stream)
        switch result {
        case .fault(let fault): return .fault(fault)
        case .frames(let count) where count > 0: return take(count, stamp: stamp, from: stream)
        default:
            if hasFailed { return .fault(.badState) }
            // Should a driver ever say that there is sound and bring none, we must not ask it all the time.
            waits.waitForBell(milliseconds: period / 2)
            return .silence
        }
    }

    private func take(_ count: Int, stamp: MonotonicTime, from stream: ALSA.Stream) -> SoundRecovery.Event {
        let (time, quality) = stamps.check(stamp, now: .now())
        counters.rejectedStamps.store(stamps.rejected, ordering: .relaxed)
        timeline.observe(available: count, stamp: time)
        counters.tell(timeline.clock.drift)
        defer { arrived.ring() }
        var left = count
        while left > 0 {
            // One slot stays free: at the end, too, there may be a gap to tell.
            let hasRoom = ring.freeSlots > (timeline.hasGap ? 2 : 1)
            if hasRoom { publishGap() }
            let memory = hasRoom ? ring.nextSlot : spill
            switch ALSA.read(stream, min(left, setting.periodFrames), into: memory) {
            case .frames(let frames) where frames > 0:
                let byteCount = frames * setting.format.frameByteCount
                silence.take(UnsafeRawBufferPointer(start: memory, count: byteCount), frames: frames)
                counters.isSilent.store(silence.isSilent, ordering: .relaxed)
                keep(frames, quality: quality, hasRoom: hasRoom)
                left -= frames
            case .fault(let fault):
                return .fault(fault)
            default:
                return .sound
            }
        }
        return .sound
    }

    private func keep(_ frames: Int, quality: TimeQuality, hasRoom: Bool) {
        counters.frames.wrappingAdd(frames, ordering: .relaxed)
        guard hasRoom else {
            counters.framesWithoutRoom.wrappingAdd(frames, ordering: .relaxed)
            timeline.lose(frames)
            return
        }
        let (position, time) = timeline.advance(frames)
        ring.publish(
            SoundRing.Entry(
                kind: .sound, position: position, frames: Int64(frames), time: time, quality: quality,
                rate: timeline.clock.rate))
    }

    private func publishGap() {
        guard let gap = timeline.takeGap() else { return }
        ring.publish(
            SoundRing.Entry(
                kind: .gap(gap.reason), position: gap.position, frames: gap.frames, time: gap.begins,
                duration: gap.duration))
    }

    /// Opens the device again; it must give the format it gave before, for the reader has been told that one.
    private func reopen() -> SoundRecovery.Event {
        do throws(CaptureError) {
            let (opened, setting) = try OpenMicrophone.open(configuration, as: self.setting.format)
            stream = opened
            stamps = SoundStampCheck(stampsAreMonotonic: setting.stampsAreMonotonic)
            waits.watch(opened)
            count(counters.reopenings)
            counters.problem.withLock { $0 = nil }
            return event(ALSA.start(opened))
        } catch {
            counters.problem.withLock { $0 = error.message }
            return .notThere
        }
    }

    private func note(_ fault: SoundFault) {
        silence.restart()
        counters.isSilent.store(false, ordering: .relaxed)
        switch fault {
        case .overrun:
            count(counters.overruns)
            timeline.interrupt(.overrun)
        case .suspended:
            count(counters.suspensions)
            timeline.interrupt(.suspended)
        case .disconnected, .other:
            timeline.interrupt(.disconnected)
        case .badState, .inputOutput, .stalled:
            timeline.interrupt(.failed)
        }
    }

    /// Waits, or until the bell that stops us rings.
    private func pause(_ duration: Duration) {
        guard duration > .zero else { return }
        let end = MonotonicTime.now() + duration
        while !waits.isStopped {
            let left = end - .now()
            guard left > .zero else { return }
            waits.waitForBell(milliseconds: Int(left.milliseconds.rounded(.up)))
        }
    }

    private func count(_ counter: borrowing Atomic<Int>) { counter.wrappingAdd(1, ordering: .relaxed) }
}
