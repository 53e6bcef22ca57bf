/// What the other streams on the machine have, and are about to want, at the moment of one stream's choice.
public struct Neighbours: Sendable, Hashable, BitwiseCopyable {
    /// The candidates that need what others have: they can begin after `delay`.
    public var delayed: CandidateSet
    /// How long it is expected to take until the others are done.
    public var delay: Duration
    /// The candidates beside which another stream's next sample could not run: they are to be done within `room`.
    public var crowding: CandidateSet
    /// The time until that sample must begin, or else be late.
    public var room: Duration

    /// Makes a view of the neighbours; with nothing said nobody else is there.
    public init(
        delayed: CandidateSet = CandidateSet(), delay: Duration = .zero, crowding: CandidateSet = CandidateSet(),
        room: Duration = .zero
    ) {
        self.delayed = delayed
        self.delay = delay
        self.crowding = crowding
        self.room = room
    }
}
