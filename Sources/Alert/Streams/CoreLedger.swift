/// Who has which of the machine's cores, and who waits for them: earliest deadline first.
///
/// A state machine over a fixed number of streams with one inference each at a time; the caller does the waiting.
/// Moments are durations since any one moment. Nothing allocates after `init`.
///
/// - Who asks has what it asks for at once, where that is free, and otherwise waits.
/// - What is given back goes to those who wait in the order of their deadlines, past one whom it is not enough for.
///   Nobody is passed over twice: from then on what is free is kept for it.
/// - Who cannot wait any longer insists, and begins beside the others; all are then taken to share the cores evenly.
///
/// So no more cores are given out than there are unless somebody insists, nobody waits who could run but for one who
/// was passed over, and as long as those who have cores give them back everybody's turn comes.
public struct CoreLedger: Sendable {
    /// The most streams.
    public static let capacity = 64

    private enum Standing { case idle, waiting, running }

    private struct Entry {
        var standing = Standing.idle
        var demand = Demand(cores: 0)
        var deadline = Duration.zero
        var isPassedOver = false
        /// How long the inference is expected to take.
        var expected = Duration.zero
        /// When what was asked for was given.
        var begun = Duration.zero
        /// How long the inference would have run by now with its cores to itself.
        var served = Duration.zero
        /// What the stream's next sample needs at least, and when it must begin.
        var next: (demand: Demand, start: Duration)?
    }

    /// The machine's cores.
    public let cores: Int
    private var entries: ContiguousArray<Entry>
    /// Up to when `served` counts.
    private var time = Duration.zero

    /// Makes a ledger of a machine on which nobody runs.
    /// - Precondition: there are 1 to `capacity` streams and at least one core.
    public init(cores: Int, streams: Int) {
        precondition(cores > 0 && (1...Self.capacity).contains(streams), "\(streams) streams on \(cores) cores")
        self.cores = cores
        entries = ContiguousArray(repeating: Entry(), count: streams)
    }

    /// Whether the stream has what it asked for.
    public func isRunning(_ stream: Int) -> Bool { entries[stream].standing == .running }

    /// Asks for what an inference takes that is expected to last so long.
    /// - Precondition: the stream neither has nor waits for anything.
    /// - Returns: Whether the stream has it now; else it waits, until `isRunning` says so.
    public mutating func ask(
        _ stream: Int, for demand: Demand, deadline: Duration, expected: Duration, at now: Duration
    ) -> Bool {
        precondition(entries[stream].standing == .idle, "stream \(stream) has or waits for something already")
        advance(to: now)
        entries[stream].standing = .waiting
        entries[stream].demand = demand
        entries[stream].deadline = deadline
        entries[stream].expected = expected
        entries[stream].isPassedOver = false
        give()
        return isRunning(stream)
    }

    /// Lets a stream that waits begin beside the others.
    public mutating func insist(_ stream: Int, at now: Duration) {
        advance(to: now)
        if entries[stream].standing == .waiting { begin(stream) }
    }

    /// Notes that a stream which runs has chosen anew.
    /// - Returns: Whether what it takes now is there; else it runs beside the others, and all share the cores evenly.
    @discardableResult
    public mutating func change(_ stream: Int, to demand: Demand, expected: Duration, at now: Duration) -> Bool {
        precondition(isRunning(stream), "stream \(stream) does not run")
        advance(to: now)
        entries[stream].demand = demand
        entries[stream].expected = expected
        entries[stream].begun = now
        entries[stream].served = .zero
        let isThere = fits(demand, beside: stream)
        give()
        return isThere
    }

    /// Takes back what a stream has, and gives it to those who wait.
    /// - Returns: The share of the time since it began for which it had its cores to itself, 0…1.
    public mutating func giveBack(_ stream: Int, at now: Duration) -> Double {
        precondition(isRunning(stream), "stream \(stream) does not run")
        advance(to: now)
        entries[stream].standing = .idle
        let elapsed = now - entries[stream].begun
        give()
        return elapsed > .zero ? min(entries[stream].served / elapsed, 1) : 1
    }

    /// Notes what a stream's next sample needs at least, and when it must begin in order to be in time; `nil` where
    /// none is expected.
    public mutating func expect(_ next: (demand: Demand, start: Duration)?, of stream: Int) {
        entries[stream].next = next
    }

    /// What the others have and are about to want, as it bears on candidates with these demands. O(streams × demands).
    public func neighbours(
        of stream: Int, asking demands: borrowing ContiguousArray<(demand: Demand, candidates: CandidateSet)>,
        at now: Duration
    ) -> Neighbours {
        var neighbours = Neighbours()
        var room = Duration.seconds(1e9)
        for other in entries.indices where other != stream {
            let entry = entries[other]
            if entry.standing == .running {
                neighbours.delay = max(neighbours.delay, timeLeft(of: entry, at: now))
            }
            guard let next = entry.next, next.start > now else { continue }
            for index in demands.indices where demands[index].demand.collides(with: next.demand, cores: cores) {
                neighbours.crowding = neighbours.crowding.union(demands[index].candidates)
                room = min(room, next.start - now)
            }
        }
        for index in demands.indices where !fits(demands[index].demand, beside: stream) {
            neighbours.delayed = neighbours.delayed.union(demands[index].candidates)
        }
        neighbours.room = room
        return neighbours
    }

    /// How long an inference is expected to run on: one that shares its cores gets on so much more slowly.
    private func timeLeft(of entry: Entry, at now: Duration) -> Duration {
        let (share, passed) = (share(of: entry.demand), now - time)
        guard share < 1 else { return entry.expected - entry.served - passed }
        return (entry.expected - entry.served) / share - passed
    }

    /// Whether a demand can be met beside all that run but this stream.
    private func fits(_ demand: Demand, beside stream: Int) -> Bool {
        var free = cores
        for index in entries.indices where index != stream && entries[index].standing == .running {
            let other = entries[index].demand
            if let processor = demand.processor, processor == other.processor { return false }
            free -= min(other.cores, cores)
        }
        return min(demand.cores, cores) <= max(free, 0)
    }

    /// Gives what is free to those who wait.
    private mutating func give() {
        var considered: UInt64 = 0
        while let stream = earliest(besides: considered) {
            considered |= 1 << UInt64(stream)
            guard fits(entries[stream].demand, beside: stream), !isKept(from: stream, considered) else { continue }
            begin(stream)
            for other in entries.indices where hasWaited(other, before: stream, considered) {
                entries[other].isPassedOver = true
            }
        }
    }

    /// Of those who wait the one with the earliest deadline.
    private func earliest(besides considered: UInt64) -> Int? {
        var found: Int?
        for index in entries.indices
        where entries[index].standing == .waiting && considered & (1 << UInt64(index)) == 0 {
            if let best = found, entries[best].deadline <= entries[index].deadline { continue }
            found = index
        }
        return found
    }

    /// Whether what this stream wants is kept for one with an earlier deadline that was passed over.
    private func isKept(from stream: Int, _ considered: UInt64) -> Bool {
        for other in entries.indices where hasWaited(other, before: stream, considered) {
            if entries[other].isPassedOver { return true }
        }
        return false
    }

    /// Whether another with an earlier deadline, among those considered, still waits for what this stream wants too.
    private func hasWaited(_ other: Int, before stream: Int, _ considered: UInt64) -> Bool {
        other != stream && considered & (1 << UInt64(other)) != 0 && entries[other].standing == .waiting
            && entries[other].demand.competes(with: entries[stream].demand)
    }

    private mutating func begin(_ stream: Int) {
        entries[stream].standing = .running
        entries[stream].begun = time
        entries[stream].served = .zero
    }

    /// Counts what everybody was served until now: those who share too few cores, or a processor, have even shares.
    private mutating func advance(to now: Duration) {
        let passed = now - time
        guard passed > .zero else { return }
        time = now
        for index in entries.indices where entries[index].standing == .running {
            let share = share(of: entries[index].demand)
            entries[index].served += share < 1 ? passed * share : passed
        }
    }

    private func share(of demand: Demand) -> Double {
        var (wanted, users) = (0, 0)
        for entry in entries where entry.standing == .running {
            wanted += min(entry.demand.cores, cores)
            if demand.processor != nil, entry.demand.processor == demand.processor { users += 1 }
        }
        let ofCores = demand.cores > 0 && wanted > cores ? Double(cores) / Double(wanted) : 1
        return min(ofCores, users > 1 ? 1 / Double(users) : 1)
    }
}
