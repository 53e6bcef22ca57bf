public import Units

/// Tells how much energy has been spent.
public protocol EnergyMeter: Sendable {
    /// Where the figures come from now; may change while it runs, as when a sensor goes away.
    var sources: EnergySources { get }

    /// The energy spent since an arbitrary but fixed moment, by source; no source's figure is ever less than before.
    ///
    /// Safe on any thread; does not wait for a device, does not allocate.
    func reading() -> EnergyReading

    /// Says from now on to `listener` what a person should know, such as that a sensor has gone away; each thing once.
    func tell(_ listener: @escaping @Sendable (String) -> Void)
}

extension EnergyMeter {
    /// The energy of all sources spent since an arbitrary but fixed moment; never less than before.
    public func read() -> Joules { reading().total }

    /// Most meters have nothing to say.
    public func tell(_ listener: @escaping @Sendable (String) -> Void) {}
}
