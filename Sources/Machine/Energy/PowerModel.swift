public import Units

/// How much power a machine draws, as two figures: what it draws waiting, and what each busy core adds.
///
/// The energy of a span is idle × its length + core × the processor time spent in it.
public struct PowerModel: Sendable, Hashable, Codable {
    /// The power of the machine waiting.
    public var idle: Watts
    /// The power that each busy core adds.
    public var core: Watts

    /// Makes a model.
    public init(idle: Watts, core: Watts) {
        self.idle = idle
        self.core = core
    }

    /// Round figures for a small computer; not a measurement of any. Compare choices by it, and do not bill by it.
    public static let `default` = PowerModel(idle: Watts(5), core: Watts(5))

    /// The energy that the machine spends in a span of time in which this much processor time is used.
    public func energy(over time: Duration, processorTime: Duration) -> Joules {
        idle * time + core * processorTime
    }
}
