import ArgumentParser
import Dispatch
import Machine
import Pipelines

/// `heed power`: the machine's power settings.
struct PowerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "power",
        abstract: "List the machine's power settings, hold one, or put back what a crash left.",
        discussion: """
            Of each setting: what it stands at and what may be set, or why it cannot be changed here and what would \
            let you. Then what heed holds of them, and who does.

            --set holds a setting until Ctrl-C or a signal comes, then puts back what was there. What a heed that was \
            killed left is put back by the next one that runs a pipeline, or by --restore. docs/power.md tells more.

            Examples:
              heed power
              heed power --set 'package: 15 W'
              heed power --set 'frequency: 1.8 GHz, preference: balance_power'
              heed power --restore
            """)

    @Option(help: "Hold this setting until a signal comes, for example 'package: 15 W'.")
    var set: String?

    @Flag(help: "Put back what a heed that is gone has left.")
    var restore = false

    func validate() throws {
        if set != nil && restore { throw ValidationError("name --set or --restore, not both") }
    }

    func run() throws {
        let knobs = PowerSession.discover()
        if restore {
            let lines = try PowerRestoration(knobs: knobs).restore()
            for line in lines { try answer(line) }
            if lines.isEmpty { try answer("nothing to put back") }
        } else if let set {
            try hold(PowerSetting(set))
        } else {
            try list(knobs)
            let held = try PowerRestoration(knobs: knobs).held()
            for line in held { try answer(line) }
            if held.isEmpty { try answer("heed holds none of them") }
        }
    }

    private func list(_ knobs: PowerKnobs) throws {
        for status in knobs.statuses {
            let name = "\(status.kind.rawValue) (\(status.kind.words))"
            if status.isAvailable {
                try answer("\(name): \(status.current); may be \(status.bounds)")
            } else {
                try answer("\(name): not available: \(status.reason)")
                if !status.remedy.isEmpty { try answer("  remedy: \(status.remedy)") }
            }
        }
    }

    private func hold(_ setting: PowerSetting) throws {
        PowerSession.restoreLeftovers()
        let session = PowerSession([setting])
        guard let control = session.control else { return }
        if let reason = control.refused.first?.reason { throw reason }
        let end = DispatchSemaphore(value: 0)
        session.interruption.stop(with: { end.signal() })
        let settle = try control.apply(setting)
        say("\(setting.words): set; the machine follows within \(settle.words). Ctrl-C puts back what was there.")
        end.wait()
        session.end()
    }
}
