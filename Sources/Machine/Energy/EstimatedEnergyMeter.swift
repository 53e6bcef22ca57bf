import Units

/// A meter for machines without one: a power model over the processor time that this process uses.
///
/// It counts the whole machine's idle power and nothing of other processes' work.
public struct EstimatedEnergyMeter: EnergyMeter {
    /// The power model.
    public let model: PowerModel

    /// Makes a meter.
    public init(model: PowerModel = .default) { self.model = model }

    public var sources: EnergySources { EnergySources(.estimated) }

    /// The energy since the machine started; about a microsecond.
    public func reading() -> EnergyReading { EnergyReading(.estimated, energy()) }

    /// The energy since the machine started.
    func energy() -> Joules { model.energy(over: .monotonic(), processorTime: ProcessorTime.process()) }
}
