/// What became of the messages of one sink: together, all that it was given and all that waited from a run before.
public struct DeliveryCounts: Sendable, Hashable {
    /// The far end has them.
    public var sent = 0
    /// They wait, in memory or on disk.
    public var waiting = 0
    /// They are lost: there was no room left where they wait, the far end refused them, or the disk lost them.
    public var dropped = 0

    /// Makes counts.
    public init(sent: Int = 0, waiting: Int = 0, dropped: Int = 0) {
        self.sent = sent
        self.waiting = waiting
        self.dropped = dropped
    }
}
