private import CProcess
import Glibc

/// On which cores threads may run.
public enum CoreAffinity {
    /// Room for the bits of this many cores: more than a kernel is built for.
    private static let mostCores = 16_384

    /// The numbers of the cores that the kernel may put the calling thread on, in order.
    ///
    /// - Throws: `.unreadable`.
    public static func allowed() throws(MachineError) -> [Int] {
        var mask = [UInt](repeating: 0, count: mostCores / UInt.bitWidth)
        let written = heed_get_affinity(&mask, mostCores / 8)
        guard written > 0 else {
            throw MachineError(.unreadable, "sched_getaffinity: \(String(cString: strerror(Int32(-written))))")
        }
        return (0..<mostCores).filter { mask[$0 / UInt.bitWidth] >> ($0 % UInt.bitWidth) & 1 == 1 }
    }

    /// Keeps the calling thread on one core from now on.
    ///
    /// - Throws: `.missing` for a core that is not there or not allowed.
    public static func pin(toCore core: Int) throws(MachineError) {
        var mask = [UInt](repeating: 0, count: mostCores / UInt.bitWidth)
        if (0..<mostCores).contains(core) { mask[core / UInt.bitWidth] = 1 << (core % UInt.bitWidth) }
        guard heed_set_affinity(0, &mask, mostCores / 8) == 0 else { throw try notAllowed(core) }
    }

    /// That a core may not be used, and which may.
    static func notAllowed(_ core: Int) throws(MachineError) -> MachineError {
        let cores = try allowed().map(String.init).joined(separator: ", ")
        return MachineError(.missing, "core \(core) may not be used here; these may: \(cores)")
    }
}
