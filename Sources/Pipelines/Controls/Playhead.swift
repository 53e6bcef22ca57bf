import Media
import Synchronization
import Units

/// Where a replay stands on its timeline, which can be stopped, moved on by a step, and let go on; from any thread.
///
/// The threads that feed samples ask it before each one. While it stands still on the wall clock, the whole timeline
/// moves on with the clock: what is replayed later was captured later, so a pause makes nothing late.
public final class Playhead: Sendable {
    private struct State {
        /// Where the timeline begins, as moved by pauses; nil before it does.
        var origin: MonotonicTime?
        /// Up to where samples are fed; nil while it runs.
        var limit: Duration?
        /// The newest that was fed.
        var reached = Duration.zero
    }

    /// How long a feeding thread sleeps before it looks again whether it may go on.
    private static let nap = Duration.milliseconds(10)

    private let pace: PipelineConfiguration.Pace
    private let stride: Duration
    private let state = Mutex(State())

    /// A playhead at the beginning; `stride` is how far a step goes: to the next frame.
    init(pace: PipelineConfiguration.Pace, stride: Duration) {
        self.pace = pace
        self.stride = stride
    }

    /// Whether it stands still.
    public var isPaused: Bool { state.withLock { $0.limit != nil } }

    /// Stops it; samples that were fed are still recognised, but on a virtual clock, which stands still too so that the
    /// run repeats itself.
    public func pause() {
        state.withLock { state in
            if state.limit == nil { state.limit = position(state) }
        }
    }

    /// Moves it on by one frame, or a tenth of a second of sound where there are no frames; stops it there.
    public func step() {
        state.withLock { state in state.limit = (state.limit ?? position(state)) + stride }
    }

    /// Lets it run on from where it stands.
    public func resume() {
        state.withLock { state in
            guard let limit = state.limit else { return }
            state.limit = nil
            if pace == .realtime { state.origin = .now() + (.zero - limit) }
        }
    }

    private func position(_ state: State) -> Duration {
        guard pace == .realtime else { return state.reached }
        return state.origin.map { max(.zero, .now() - $0) } ?? .zero
    }

    /// Puts the beginning of the timeline; before the first `pass`.
    func begin(at origin: MonotonicTime) { state.withLock { $0.origin = origin } }

    /// Blocks the feeding thread until what arrives at `arrival` on the timeline is due, or feeding is to end.
    ///
    /// - Returns: Where the timeline begins by now.
    func pass(_ arrival: Duration, _ gate: SampleGate<some Sendable>) -> MonotonicTime {
        // A virtual clock stands still with whoever has its turn, as this thread has from here on.
        if pace == .simulated { gate.wait(until: begun(state.withLock(\.origin)) + arrival) }
        while true {
            let (origin, isOpen) = state.withLock { state in
                let isOpen = arrival <= state.limit ?? arrival
                if isOpen { state.reached = max(state.reached, arrival) }
                if isOpen, state.limit != nil, pace == .realtime {
                    // A step has brought it here: it is due now.
                    state.origin = .now() + (.zero - arrival)
                }
                return (begun(state.origin), isOpen)
            }
            if gate.isStopping { return origin }
            if isOpen {
                let due = origin + arrival
                guard pace == .realtime, due > .now() else { return origin }
                min(due, .now() + Self.longestSleep).sleep()
            } else {
                (MonotonicTime.now() + Self.nap).sleep()
            }
        }
    }

    private func begun(_ origin: MonotonicTime?) -> MonotonicTime {
        guard let origin else { preconditionFailure("a sample is fed before its timeline begins") }
        return origin
    }

    /// How long a wait may go on without asking whether it is to end or the timeline has moved.
    private static let longestSleep = Duration.milliseconds(50)
}
