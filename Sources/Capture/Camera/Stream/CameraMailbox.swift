import Media
import Synchronization
import Units

/// Where the capture thread leaves what happened, for another thread to take.
///
/// Bounded: when nobody takes anything, the oldest entries are summed up. Posting allocates nothing; the lock is held
/// for a few moves of the ring only.
final class CameraMailbox: Sendable {
    /// A frame that waits in a stream's memory.
    struct Held {
        let memory: CameraMemory
        let slot: Int
        let offset: Int
        let byteCount: Int
        let number: Int
        let captured: MonotonicTime
        let quality: TimeQuality
        let arrived: MonotonicTime

        /// The frame, or what is wrong with it; allocates.
        var event: CameraEvent {
            switch memory.frame(slot: slot, offset: offset, byteCount: byteCount) {
            case .frame(let frame):
                .frame(
                    CapturedFrame(
                        number: number, captured: captured, timeQuality: quality, arrived: arrived, frame: frame))
            case .damaged(let damage): .missing(.damaged(number: number, captured: captured, damage))
            }
        }
    }

    /// An event whose frame has not been made yet.
    enum Entry {
        case frame(Held)
        case event(CameraEvent)
    }

    private struct State {
        var ring: [Entry?]
        var head = 0
        var count = 0
        /// Where the newest frame that still waits is; nil when none does.
        var newestFrame: Int?
        var superseded = 0
        var damaged = 0
        var lost = 0
        var isEnded = false
    }

    private let keeping: FrameKeeping
    private let bell: Bell
    private let state: Mutex<State>

    /// Makes an empty mailbox for up to `capacity` entries.
    init(keeping: FrameKeeping, capacity: Int = 256) throws(SystemCallError) {
        self.keeping = keeping
        bell = try Bell()
        state = Mutex(State(ring: Array(repeating: nil, count: capacity)))
    }

    /// Leaves an entry; on the capture thread.
    func post(_ entry: Entry) {
        // What goes may be the last of an old stream's memory, which is then unmapped: after the lock is let go of.
        let gone: (Entry?, Entry?) = state.withLock { state in
            var superseded: Entry?
            if case .frame = entry, keeping == .newest, let before = state.newestFrame,
                case .frame(let held)? = state.ring[before]
            {
                superseded = state.ring[before]
                state.ring[before] = .event(.missing(.superseded(number: held.number, captured: held.captured)))
                held.memory.giveBack(held.slot)
            }
            let oldest = state.count == state.ring.count ? Self.sumUpOldest(&state) : nil
            let place = (state.head + state.count) % state.ring.count
            state.ring[place] = entry
            state.count += 1
            if case .frame = entry { state.newestFrame = place }
            return (superseded, oldest)
        }
        withExtendedLifetime(gone) { bell.ring() }
    }

    /// Says that nothing comes any more; what waits can still be taken.
    func end() {
        state.withLock { $0.isEnded = true }
        bell.ring()
    }

    /// Takes the next event and waits for one until `deadline`; nil when none came. For one thread at a time.
    func next(until deadline: MonotonicTime) throws(SystemCallError) -> CameraEvent? {
        while true {
            if let event = take() { return event }
            let left = (deadline - .now()).milliseconds
            if left <= 0 { return nil }
            _ = try Kernel.poll(bell.file, -1, milliseconds: Int32(min(left + 1, 60_000)))
            bell.silence()
        }
    }

    private func take() -> CameraEvent? {
        let entry: Entry? = state.withLock { state in
            if state.superseded + state.damaged + state.lost > 0 {
                let (superseded, damaged, lost) = (state.superseded, state.damaged, state.lost)
                (state.superseded, state.damaged, state.lost) = (0, 0, 0)
                return .event(.missing(.uncounted(superseded: superseded, damaged: damaged, lost: lost)))
            }
            guard state.count > 0 else { return state.isEnded ? .event(.ended) : nil }
            return Self.removeOldest(&state)
        }
        // The frame is made outside the lock: it allocates.
        return switch entry {
        case nil: nil
        case .event(let event): event
        case .frame(let held): held.event
        }
    }

    private static func removeOldest(_ state: inout State) -> Entry? {
        let entry = state.ring[state.head]
        state.ring[state.head] = nil
        if state.newestFrame == state.head { state.newestFrame = nil }
        state.head = (state.head + 1) % state.ring.count
        state.count -= 1
        return entry
    }

    /// Counts the oldest entry and hands it out, to be let go of outside the lock.
    private static func sumUpOldest(_ state: inout State) -> Entry? {
        let oldest = removeOldest(&state)
        switch oldest {
        case .frame(let held):
            held.memory.giveBack(held.slot)
            state.superseded += 1
        case .event(.missing(.superseded)): state.superseded += 1
        case .event(.missing(.damaged)): state.damaged += 1
        case .event(.missing(let missing)): state.lost += missing.count
        case .event, nil: break
        }
        return oldest
    }
}
