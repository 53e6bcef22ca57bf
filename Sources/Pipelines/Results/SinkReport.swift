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

    /// Whether it lost all that there was.
    public var lostAll: Bool { dropped > 0 && sent == 0 && waiting == 0 }
}
