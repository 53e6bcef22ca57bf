import Foundation
import Logging
import Machine
import Pipelines
import Synchronization

/// The power settings of one command: what it changes is put back at its end, whether that is ordinary, an error or a
/// signal. What a dead heed left is to be put back first.
final class PowerSession {
    /// Sets them; nil where there is nothing to set.
    let control: PowerControl?
    /// The names of those that candidates can have.
    let names: [String]
    /// Ends the command at a signal; until it is told how to stop it puts back and exits.
    let interruption: Interruption

    /// Takes hold of what the settings of a pipeline need.
    ///
    /// - Parameter isSimulated: Whether nothing is to be set, as the machine is not the one that the figures are of.
    convenience init(_ wanted: ListOrAuto<PowerSetting>?, isSimulated: Bool = false) {
        let settings: [PowerSetting] =
            switch wanted {
            case nil: []
            case .auto: Self.discover().steps
            case .these(let list): list
            }
        self.init(isSimulated ? [] : settings, names: isSimulated ? settings.map(\.name) : nil)
    }

    /// Takes hold of what these settings need.
    init(_ settings: [PowerSetting], names: [String]? = nil) {
        // Signals come first, so that none falls between the first change and who would undo it.
        let holder = Holder()
        interruption = Interruption.ending(after: holder.restore)
        control = settings.isEmpty ? nil : holder.hold { PowerControl(knobs: Self.discover(), settings: settings) }
        self.names = names ?? control?.settings.map(\.name) ?? []
    }

    deinit { end() }

    /// Those that cannot be had, and why.
    var refused: [SettingChoices.Absence] {
        (control?.refused ?? []).map {
            .init(name: $0.setting.name, reason: $0.reason.message, remedy: "See `heed power`.")
        }
    }

    /// Puts everything back, and says what could not be; does nothing the second time.
    func restore() {
        for line in control?.restore() ?? [] { say(line, .warning) }
    }

    /// Puts everything back, and gives signals their usual meaning.
    func end() {
        restore()
        interruption.end()
    }

    /// What this machine offers.
    ///
    /// `HEED_MACHINE_ROOT` names a copied tree instead of the machine, for tests; `HEED_CGROUP` the control group in
    /// which heed makes its own.
    static func discover() -> PowerKnobs {
        let environment = ProcessInfo.processInfo.environment
        return PowerKnobs.discover(
            root: environment["HEED_MACHINE_ROOT"] ?? "", group: environment["HEED_CGROUP"])
    }

    /// Puts back what a dead heed left, and says so; every command that sets something or runs pipelines begins with
    /// it.
    ///
    /// Where it cannot be known what that is, that is said too, and the command goes on: then it can set nothing
    /// itself.
    static func restoreLeftovers() {
        guard PowerRestoration.isNeeded else { return }
        do throws(MachineError) {
            for line in try PowerRestoration(knobs: discover()).restore() { say(line, .notice) }
        } catch {
            say("what another heed may have left of its power settings is not put back: \(error.message)", .warning)
        }
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
            for line in control.withLock({ $0?.restore() ?? [] }) { say(line, .warning) }
        }
    }
}
