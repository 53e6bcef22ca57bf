/// What became of the results that one sink of a pipeline took.
public struct SinkReport: Sendable, Hashable, Encodable {
    /// The sink's name.
    public var name: String
    /// The far end has them.
    public var sent: Int
    /// They wait on disk for the next run.
    public var waiting: Int
    /// They are lost: there was no room where they wait, or the far end refused them.
    public var dropped: Int
    /// What this run handed over; the others are of runs before as well.
    public var taken: Int

    private enum CodingKeys: String, CodingKey { case name, sent, waiting, dropped }

    /// Whether it lost all that this run handed over; what the disk lost of a run before is no failure of this one.
    public var lostAll: Bool { taken > 0 && dropped > 0 && sent == 0 && waiting == 0 }
}
