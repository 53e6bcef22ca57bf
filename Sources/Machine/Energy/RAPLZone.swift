import Synchronization
import Units

/// One of the processor's own energy counters: a package, its memory, or the whole platform.
///
/// Source: the kernel's `Documentation/power/powercap/powercap.rst`.
final class RAPLZone: EnergyCounter {
    let source = EnergySource.rapl
    let name: String
    /// A counter of 262 kJ wraps around after four minutes at a kilowatt; it must be read more often than that.
    let interval = Duration.seconds(60)

    private let file: NumberFile
    /// The largest count before it begins again at 0.
    private let range: Int64
    private let last: Mutex<(count: Int64, time: Duration)?>

    /// Opens a zone of `/sys/class/powercap`, such as `intel-rapl:0`.
    init(_ folder: String, name: String, in files: KernelFiles, at now: Duration) throws(CounterFailure) {
        self.name = name
        file = try NumberFile(folder + "/energy_uj", in: files)
        range = try NumberFile(folder + "/max_energy_range_uj", in: files).read()
        last = Mutex((try file.read(), now))
    }

    /// What it counted so far, in microjoules; 0 of a counter that does not count.
    var count: Int64 { last.withLock { $0?.count ?? 0 } }

    /// Reading a register takes no time.
    func refresh() {}

    func spent(at now: Duration) throws(CounterFailure) -> Joules? {
        try last.withLock { last throws(CounterFailure) in
            let before = last
            last = nil
            let count = try file.read()
            guard count >= 0 else { throw .malformed }
            last = (count, now)
            guard let before else { return nil }
            let grown = count - before.count
            let energy = Joules(Double(grown < 0 ? grown + range : grown) * 1e-6)
            guard Plausibility.allows(energy, over: now - before.time) else { throw .implausible }
            return energy
        }
    }
}
