import Foundation
import Machine
import Synchronization

/// The power settings of one command: what a dead heed left is put back first, what this one changes at its end, whether
/// that is ordinary, an error or a signal.
final class PowerSession {
    /// Sets them.
    let control: PowerControl
    /// Ends the command at a signal; until it is told how to stop it puts back and exits.
    let interruption: Interruption

    /// Takes hold of what these settings need.
    ///
    /// - Throws: When what a dead heed left cannot be read: it comes first.
    init(_ settings: [PowerSetting]) throws {
        let knobs = Self.discover()
        try Self.restoreLeftovers(knobs)
        // Signals come first, so that none falls between the first change and who would undo it.
        let holder = Holder()
        interruption = Interruption.ending(after: holder.restore)
        control = holder.hold { PowerControl(knobs: knobs, settings: settings) }
    }

    deinit { end() }

    /// Puts everything back, and says what could not be.
    func end() {
        for line in control.restore() { say(line) }
        interruption.end()
    }

    /// What this machine offers.
    ///
    /// `HEED_MACHINE_ROOT` names a copied tree instead of the machine, for tests; `HEED_CGROUP` the control group in which
    /// heed makes its own.
    static func discover() -> PowerKnobs {
        let environment = ProcessInfo.processInfo.environment
        return PowerKnobs.discover(
            root: environment["HEED_MACHINE_ROOT"] ?? "", group: environment["HEED_CGROUP"])
    }

    /// Puts back what a dead heed left, and says so; every command that runs pipelines begins with it.
    static func restoreLeftovers(_ knobs: @autoclosure () -> PowerKnobs = discover()) throws {
        guard PowerRestoration.isNeeded else { return }
        for line in try PowerRestoration(knobs: knobs()).restore() { say(line) }
    }

    /// What a signal puts back; one that comes while knobs are being tried waits until that is done.
    private final class Holder: Sendable {
        private let control = Mutex<PowerControl?>(nil)

        func hold(_ make: () -> PowerControl) -> PowerControl {
            control.withLock { held in
                let control = make()
                held = control
                return control
            }
        }

        func restore() {
            for line in control.withLock({ $0?.restore() ?? [] }) { say(line) }
        }
    }
}
