import Media
import Units

/// What to do when sound stops: a state machine that is told what happened and says what to do about it.
///
/// ```
///            fault                    failed, or too often
/// reading ──────────▶ restarting ─────────────────────────▶ reopening ──┐ not there yet: wait, try again
///    ▲                 resuming                                 │  ▲     │
///    └────────────────────┴─────────────────────────────────────┘  └─────┘
/// ```
/// A pure value: it reads no clock, calls nothing, and allocates nothing after `init`.
struct SoundRecovery: Hashable {
    /// What happened.
    enum Event: Hashable {
        /// Sound came.
        case sound
        /// No sound came for as long as a wait lasts.
        case silence
        /// The stream stopped.
        case fault(SoundFault)
        /// What was asked for last was done: the stream runs.
        case running
        /// A resumption was too early.
        case notYet
        /// The card cannot be resumed.
        case unsupported
        /// The device could not be opened.
        case notThere
    }

    /// What to do next.
    enum Action: Hashable {
        /// Wait for sound and read it.
        case read
        /// Make the stream ready and start it.
        case restart
        /// Resume the stream after a wait.
        case resume(after: Duration)
        /// Close the device, if it is open, and open it after a wait.
        case reopen(after: Duration)
    }

    /// So many repairs within `window` say that repairing does not help.
    static let mostRepairs = 5
    static let window = Duration.seconds(2)
    /// A card that fails so often in a row, without sound between, is opened anew.
    static let mostFailures = 3
    /// A stream that brings nothing for so long has stalled.
    static let stall = Duration.seconds(1)
    static let mostResumptions = 5
    static let resumptionWait = Duration.milliseconds(500)
    /// A device that was just closed, or fails as soon as it is open, needs a moment.
    static let firstWait = Duration.milliseconds(250)
    /// Trying to open costs little, and a card that is back should be in use within two seconds.
    static let longestWait = Duration.seconds(1)

    private enum State: Hashable {
        case reading
        case restarting
        case resuming(attempts: Int)
        case reopening(wait: Duration)
    }

    private var state = State.reading
    private var lastSound: MonotonicTime
    private var failures = 0
    private var repairs: [MonotonicTime] = []

    /// Begins with a stream that runs since `now`.
    init(now: MonotonicTime) {
        lastSound = now
        repairs.reserveCapacity(Self.mostRepairs)
    }

    /// Takes in what happened and says what to do.
    mutating func handle(_ event: Event, at now: MonotonicTime) -> Action {
        switch (event, state) {
        case (.sound, _):
            state = .reading
            lastSound = now
            failures = 0
            return .read
        case (.running, _):
            state = .reading
            lastSound = now
            return .read
        case (.silence, .reading):
            return now - lastSound < Self.stall ? .read : repair(.stalled, at: now)
        case (.notYet, .resuming(let attempts)), (.fault(.suspended), .resuming(let attempts)):
            guard attempts < Self.mostResumptions else { return reopen() }
            state = .resuming(attempts: attempts + 1)
            return .resume(after: Self.resumptionWait)
        case (.fault(let fault), .reading), (.fault(let fault), .restarting), (.fault(let fault), .resuming):
            return repair(fault, at: now)
        case (.unsupported, .resuming):
            return restart(at: now)
        case (_, .reopening(let wait)):
            let next = min(wait * 2, Self.longestWait)
            state = .reopening(wait: next)
            return .reopen(after: wait)
        default:
            return reopen()
        }
    }

    private mutating func repair(_ fault: SoundFault, at now: MonotonicTime) -> Action {
        switch fault {
        case .overrun, .badState:
            return restart(at: now)
        case .inputOutput, .stalled:
            failures += 1
            return failures > Self.mostFailures ? reopen() : restart(at: now)
        case .suspended:
            guard mayRepair(at: now) else { return reopen() }
            state = .resuming(attempts: 1)
            return .resume(after: .zero)
        case .disconnected, .other:
            return reopen()
        }
    }

    private mutating func restart(at now: MonotonicTime) -> Action {
        guard mayRepair(at: now) else { return reopen() }
        state = .restarting
        return .restart
    }

    /// Counts a repair; whether it is not one too many.
    private mutating func mayRepair(at now: MonotonicTime) -> Bool {
        while let first = repairs.first, now - first >= Self.window { repairs.removeFirst() }
        guard repairs.count < Self.mostRepairs else { return false }
        repairs.append(now)
        return true
    }

    private mutating func reopen() -> Action {
        repairs.removeAll(keepingCapacity: true)
        failures = 0
        state = .reopening(wait: Self.firstWait)
        return .reopen(after: Self.firstWait)
    }
}
