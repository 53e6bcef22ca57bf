import Alert
import Logging
import Machine

/// Sets the machine's power for a lane's samples, each as its candidate wants it.
///
/// A setting that the machine does not take any more is withdrawn, with every other of the same knob: that is said
/// once, and recognition goes on with the others.
struct LanePower {
    private let control: PowerControl
    /// Of each candidate; nil for those that leave the machine as it was found.
    private let settings: [String?]
    private let logger: Logger
    /// Candidates whose power setting is withdrawn.
    private(set) var withdrawn = CandidateSet()
    /// What every result from then on says; nil while nothing is withdrawn.
    private(set) var losses: String?

    /// Sets power for these candidates, which the other members refer to by index.
    init(_ control: PowerControl, for candidates: [CandidateProfile], logger: Logger) {
        self.control = control
        settings = candidates.map(\.candidate.setting.power)
        self.logger = logger
    }

    /// Sets what a candidate wants; some microseconds where that is not what is set already.
    ///
    /// - Throws: `PowerWithdrawn` where the machine does not take it: another candidate is to be chosen.
    mutating func set(for candidate: Int) throws(PowerWithdrawn) {
        do throws(MachineError) {
            try control.apply(named: settings[candidate])
        } catch {
            let gone = CandidateSet(
                settings.indices.filter { settings[$0].map { !control.isUsable(named: $0) } ?? false })
            let names = gone.subtracting(withdrawn).compactMap { settings[$0] }.withoutRepeats().joined(separator: ", ")
            if !names.isEmpty {
                withdrawn = gone
                let line = "power \(names): \(error.message)"
                losses = [losses, line].compactMap(\.self).joined(separator: "; ")
                logger.warning("\(line); left out from now on", metadata: ["settings": "\(names)"])
            }
            // The machine as it was found is all that is left of a knob that is gone.
            if settings[candidate] != nil { throw PowerWithdrawn(reason: error.message) }
        }
    }
}

/// A candidate was chosen whose power setting the machine does not take: another is to be chosen.
struct PowerWithdrawn: Error, CustomStringConvertible {
    var reason: String
    var description: String { reason }
}
