public import Units

/// Energy by source: what meters have counted since a moment of their own, or, as the difference of two readings, over
/// the span between them. A plain value; nothing about it allocates.
public struct EnergyReading: Sendable, Hashable {
    /// The joules of each source, by its place.
    private var joules = SIMD8<Double>()
    /// Where the figures come from: the sources that counted when it was read, and all others that added to it.
    public private(set) var sources: EnergySources

    /// A reading of nothing yet, by these sources.
    public init(_ sources: EnergySources = []) { self.sources = sources }

    /// A reading of one source.
    public init(_ source: EnergySource, _ energy: Joules) {
        sources = EnergySources(source)
        self[source] = energy
    }

    /// The energy that one source counted.
    public subscript(source: EnergySource) -> Joules {
        get { Joules(joules[source.place]) }
        set { joules[source.place] = newValue.value }
    }

    /// The energy of all sources together.
    public var total: Joules { Joules(joules.sum()) }

    /// The same figures, read while these sources counted.
    func counted(by sources: EnergySources) -> EnergyReading {
        var reading = self
        reading.sources = sources
        return reading
    }

    /// What was spent from the reading `before` to the reading `after`.
    public static func - (after: EnergyReading, before: EnergyReading) -> EnergyReading {
        var span = after
        span.joules = after.joules - before.joules
        for source in EnergySource.allCases where span[source] > .zero { span.sources.insert(EnergySources(source)) }
        return span
    }

    /// Adds what the sources of another reading counted.
    static func += (sum: inout EnergyReading, more: EnergyReading) { sum.joules += more.joules }
}
