import Glibc

/// Puts back power settings whose holders died without doing so themselves.
public struct PowerRestoration: Sendable {
    private let knobs: PowerKnobs
    private let file: PowerStateFile

    /// A restoration of what the state file of this user tells.
    public init(knobs: PowerKnobs) { self.init(knobs: knobs, file: .standard) }

    init(knobs: PowerKnobs, file: PowerStateFile) {
        self.knobs = knobs
        self.file = file
    }

    /// Whether there may be something to put back: one look for a file.
    public static var isNeeded: Bool { PowerStateFile.standard.exists }

    /// What is held, and by whom, a line each.
    ///
    /// - Throws: `.stateNotKept` when the state file cannot be read.
    public func held() throws(MachineError) -> [String] {
        guard let state = try file.read(), state.boot == PowerState.currentBoot else { return [] }
        return state.held.map { held in
            let who = "\(held.holder.name) (process \(held.holder.process))"
            let state = held.holder.isAlive ? "held by \(who)" : "left by \(who), which is gone"
            let values = held.registers.map { "\($0.target) was \($0.before)" }
            return
                "\(held.kind.rawValue): \(state); \((values + [held.group].compactMap(\.self)).joined(separator: ", "))"
        }
    }

    /// Puts back what dead holders left; costs one look for a file where there is none. A state file that is damaged is
    /// put aside, and that is said.
    ///
    /// - Returns: What was done, a sentence each; empty when there was nothing to do.
    /// - Throws: `.stateNotKept` when the state file cannot be read or written.
    public func restore() throws(MachineError) -> [String] {
        guard file.exists else { return [] }
        if let line = try file.setAsideDamaged() { return [line] }
        return try file.change { state throws(MachineError) in
            var lines: [String] = []
            var kept: [PowerState.Held] = []
            for held in state.held {
                if held.holder.isAlive {
                    kept.append(held)
                    continue
                }
                let outcome = putBack(held)
                lines += outcome.lines
                // Kept for somebody who may.
                if !outcome.isDone { kept.append(held) }
            }
            state.held = kept
            return lines
        }
    }

    private func putBack(_ held: PowerState.Held) -> (lines: [String], isDone: Bool) {
        var lines: [String] = []
        let who = "process \(held.holder.process), which ended without putting it back"
        do {
            if let group = held.group {
                guard OwnGroup.isOwn(group, of: held.holder.process) else {
                    return (["\(held.kind.rawValue): \(group): is no control group of heed's; it is left"], true)
                }
                let own = OwnGroup(folder: group, enablesController: held.enablesController, files: knobs.files)
                try own.remove()
                lines.append("\(held.kind.rawValue): removed the control group \(group) of \(who)")
            } else {
                for register in held.registers {
                    let isFile = register.target.hasPrefix("/")
                    guard !isFile || access(knobs.files.root + register.target, F_OK) == 0 else {
                        lines.append("\(held.kind.rawValue): \(register.target): is no longer there")
                        continue
                    }
                    let opened = try knobs.register(register.target, of: held.kind)
                    if let line = try register.putBack(through: opened) {
                        lines.append("\(held.kind.rawValue): \(line) after \(who)")
                    }
                }
            }
            return (lines, true)
        } catch {
            let advice = "try `sudo -E heed power --restore`"
            return (
                lines + ["\(held.kind.rawValue): left by \(who): \(error.message); \(advice)"],
                error.code == .badSetting
            )
        }
    }
}

extension PowerState.Register {
    /// Sets a register to what it held before, unless somebody else has changed it since.
    ///
    /// - Returns: What was done, if anything was.
    func putBack(through register: any PowerRegister) throws(MachineError) -> String? {
        let now = try register.read()
        if now == before, register.isReadable { return nil }
        // Not known: heed died while it found out, and may have set anything.
        if register.isReadable, let written, !written.contains(now) {
            return foreign(now)
        }
        try register.write(before)
        let after = try register.read()
        guard TurnedKnob.isSame(after, before) else {
            throw MachineError(.refused, "\(target): was to be \(before) again, but reads \(after)")
        }
        return "\(target): put back to \(before)"
    }

    /// What is said of a value that somebody else has set.
    func foreign(_ now: String) -> String {
        "\(target): \(now) is neither heed's nor what was there before (\(before)); it is left"
    }
}
