/// Where a sample's capture time comes from.
public enum TimeQuality: String, Sendable, Hashable, Codable {
    /// The device's driver stamped it.
    case device
    /// The moment at which it reached us, for the device gave no time.
    case arrival
    /// The device's stamp was implausible and was replaced by an estimate.
    case repaired
    /// The time at which a recording says it was captured, moved to the replay's start.
    case scheduled
}

/// Something sensed, when it was sensed, and until when its result is of use.
public struct Sample<Payload: Sendable>: Sendable {
    /// Its number in the order of its source; a number that is missing was lost.
    public var sequence: Int
    /// When it was captured.
    public var captured: MonotonicTime
    /// When it reached heed; nil where it was not on its way before.
    public var arrived: MonotonicTime?
    /// How far the capture time can be trusted.
    public var timeQuality: TimeQuality
    /// When its result must be out.
    public var deadline: MonotonicTime
    /// Whether a newer sample may take its place; if not, it is recognised even when it is late.
    public var isReplaceable: Bool
    /// What was sensed.
    public var payload: Payload

    /// Makes a sample.
    public init(
        sequence: Int, captured: MonotonicTime, arrived: MonotonicTime? = nil, timeQuality: TimeQuality,
        deadline: MonotonicTime,
        isReplaceable: Bool = true, payload: Payload
    ) {
        self.sequence = sequence
        self.captured = captured
        self.arrived = arrived
        self.timeQuality = timeQuality
        self.deadline = deadline
        self.isReplaceable = isReplaceable
        self.payload = payload
    }
}
