import Glibc
import Units

/// Takes hold of knobs for a run: notes them in the state file before anything is changed, and tries settings.
struct TakenKnobs {
    let knobs: PowerKnobs
    let file: PowerStateFile
    private(set) var turned: [TurnedKnob] = []
    /// What could not be put back, or was not heed's to put back, of knobs that were let go of.
    private(set) var lines: [String] = []

    init(knobs: PowerKnobs, file: PowerStateFile) {
        self.knobs = knobs
        self.file = file
    }

    /// Takes hold of each knob that a setting needs and that is not held yet.
    ///
    /// - Throws: `.unavailable`, `.badSetting`, `.held`, `.stateNotKept`, or what was in the way of opening.
    mutating func take(_ setting: PowerSetting) throws(MachineError) {
        for limit in setting.limits { try knobs.knob(limit.kind).check(limit) }
        for limit in setting.limits where !turned.contains(where: { $0.knob.kind == limit.kind }) {
            let knob = try knobs.knob(limit.kind)
            let found = try knob.found()
            try note(knob, found)
            do {
                let registers = try knob.open()
                turned.append(TurnedKnob(knob: knob, registers: registers, before: found.map(\.value)))
            } catch {
                try? forget([knob.kind])
                throw error
            }
        }
    }

    /// Sets a setting, and puts back what was there.
    ///
    /// - Returns: How long the machine took to follow.
    /// - Throws: `.refused`, or what the knobs throw.
    mutating func attempt(_ setting: PowerSetting) throws(MachineError) -> Duration {
        let start = Duration.reading(CLOCK_MONOTONIC)
        var failure: MachineError?
        do {
            for index in turned.indices { try turned[index].attempt(setting) }
        } catch {
            failure = error
        }
        let followed = Duration.reading(CLOCK_MONOTONIC) - start
        for knob in turned {
            do { try knob.reset() } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
        let kinds = setting.limits.map(\.kind)
        return followed + (turned.map(\.knob).filter { kinds.contains($0.kind) }.map(\.lag).max() ?? .zero)
    }

    /// Lets go of the knobs that none of these settings needs, and notes what the others read back.
    mutating func keep(for settings: [PowerSetting]) throws(MachineError) {
        let needed = Set(settings.flatMap(\.limits).map(\.kind))
        let unneeded = turned.filter { !needed.contains($0.knob.kind) }
        turned.removeAll { !needed.contains($0.knob.kind) }
        for knob in unneeded {
            let outcome = knob.release()
            lines += outcome.lines
            if outcome.isDone { try forget([knob.knob.kind]) }
        }
        let (turned, me) = (turned, ProcessIdentity.current())
        guard !turned.isEmpty else { return }
        try file.change { state in
            for index in state.held.indices where state.held[index].holder == me {
                guard let knob = turned.first(where: { $0.knob.kind == state.held[index].kind }) else { continue }
                for register in state.held[index].registers.indices {
                    state.held[index].registers[register].written = knob.written[register]
                }
            }
        }
    }

    /// Takes this process's knobs of these kinds out of the state file.
    func forget(_ kinds: [PowerKind]) throws(MachineError) {
        let me = ProcessIdentity.current()
        try file.change { state in state.held.removeAll { kinds.contains($0.kind) && $0.holder == me } }
    }

    /// Writes down what a knob holds, unless another process has it.
    private func note(_ knob: any PowerKnob, _ found: [(target: String, value: String)]) throws(MachineError) {
        guard let me = ProcessIdentity.current() else {
            throw MachineError(.stateNotKept, "/proc/self/stat: does not say when heed started; mount /proc")
        }
        let entry = PowerState.Held(
            kind: knob.kind, holder: me,
            registers: found.map { PowerState.Register(target: $0.target, before: $0.value) },
            group: knob.group?.folder, enablesController: knob.group?.enablesController ?? false)
        let path = file.path
        try file.change { state throws(MachineError) in
            if let other = state.held.first(where: { $0.kind == knob.kind && knob.isShared }) {
                let who = "\(other.holder.name), process \(other.holder.process)"
                guard other.holder.isAlive else {
                    throw MachineError(
                        .held,
                        "\(knob.kind.rawValue): \(who), ended without putting it back; run `heed power --restore`")
                }
                throw MachineError(
                    .held, "\(knob.kind.rawValue): is held by \(who), says \(path); end that one first")
            }
            state.held.append(entry)
        }
    }
}
