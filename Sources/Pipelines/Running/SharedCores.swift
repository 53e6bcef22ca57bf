import Alert
import Media
import Units

/// The machine's cores and other processors, shared by a run's streams: lanes take what an inference needs and give it
/// back; who finds too little free waits its turn by deadline, no longer than it has the time to.
final class SharedCores: @unchecked Sendable {
    // `ledger` is touched with `condition` locked.

    /// How a lane came by what it asked for.
    struct Turn {
        /// How long it waited.
        var waited = Duration.zero
        /// Whether it could wait no longer, and runs beside others on what they have.
        var isBeside = false
    }

    private let clock: RunClock
    private let condition: RunCondition
    private var ledger: CoreLedger

    /// Shares so many cores among so many streams.
    init(cores: Int, streams: Int, clock: RunClock) {
        self.clock = clock
        condition = RunCondition(clock)
        ledger = CoreLedger(cores: cores, streams: streams)
    }

    /// Takes what an inference needs that is expected to last so long; blocks until it is there, or until `patience`
    /// has passed: then the inference runs beside the others.
    func take(
        _ demand: Demand, for stream: Int, deadline: MonotonicTime, expected: Duration, patience: MonotonicTime
    ) -> Turn {
        condition.lock()
        defer { condition.unlock() }
        let begin = clock.now()
        let hasIt = ledger.ask(
            stream, for: demand, deadline: deadline.sinceZero, expected: expected, at: begin.sinceZero)
        if hasIt { return Turn() }
        guard begin < patience else {
            ledger.insist(stream, at: begin.sinceZero)
            return Turn(isBeside: true)
        }
        while !ledger.isRunning(stream) {
            let now = clock.now()
            guard now < patience else {
                ledger.insist(stream, at: now.sinceZero)
                return Turn(waited: now - begin, isBeside: true)
            }
            condition.wait(until: patience)
        }
        return Turn(waited: clock.now() - begin)
    }

    /// Notes that another candidate runs than the one that was asked for.
    ///
    /// - Returns: Whether what it takes is there for it; else it runs beside others on what they have.
    func change(_ stream: Int, to demand: Demand, expected: Duration) -> Bool {
        condition.withLock {
            defer { condition.broadcast() }
            return ledger.change(stream, to: demand, expected: expected, at: clock.now().sinceZero)
        }
    }

    /// Gives back what a stream has.
    ///
    /// - Returns: The share of the time for which it had its cores to itself.
    func giveBack(_ stream: Int) -> Double {
        condition.withLock {
            defer { condition.broadcast() }
            return ledger.giveBack(stream, at: clock.now().sinceZero)
        }
    }

    /// Says when a stream's next sample must begin, and what it needs at least; nil where none is expected.
    func expect(_ next: (demand: Demand, start: MonotonicTime)?, of stream: Int) {
        condition.withLock { ledger.expect(next.map { ($0.demand, $0.start.sinceZero) }, of: stream) }
    }

    /// What the other streams have and want now.
    func neighbours(
        of stream: Int, asking demands: borrowing ContiguousArray<(demand: Demand, candidates: CandidateSet)>
    ) -> Neighbours {
        condition.lock()
        defer { condition.unlock() }
        return ledger.neighbours(of: stream, asking: demands, at: clock.now().sinceZero)
    }
}

extension MonotonicTime {
    /// A moment as the ledger counts them.
    fileprivate var sinceZero: Duration { self - MonotonicTime(nanoseconds: 0) }
}
