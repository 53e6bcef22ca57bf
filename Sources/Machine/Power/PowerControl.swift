import Glibc
import Synchronization

/// Sets the machine's power settings for candidates, and puts back what was there before.
///
/// The values that were there are on the disk before the first one is changed. Settings are tried once when a control
/// is made, so that those that the machine refuses are known before any sample comes. Safe on any thread.
public final class PowerControl: Sendable {
    /// The settings that can be applied, in the order asked for.
    public let settings: [PowerSetting]
    /// The settings that cannot, and why.
    public let refused: [(setting: PowerSetting, reason: MachineError)]
    /// How long after a change the machine follows it, for each of `settings`, as measured.
    public let settleTimes: [PowerSetting: Duration]

    private let taken: TakenKnobs
    private let names: [String]
    /// For each setting, and last as found, what each of `registers` must hold.
    private let texts: [[String]]
    private let registers: [any PowerRegister]
    /// The knob of each of `registers`, and what it may read: what it held, and what heed sets.
    private let owners: [(kind: PowerKind, known: Set<String>)]
    private let state = Mutex(State())

    private struct State {
        /// The index into `settings`; nil as found.
        var applied: Int?
        var isRestored = false
        /// What was not put back and nobody was told.
        var untold: [String] = []
        /// Settings that the machine refused in use.
        var failed: Set<Int> = []
    }

    /// Takes hold of the knobs that `settings` need, keeps what they hold, and tries each setting.
    ///
    /// Settings that cannot be had are in `refused`; the machine stands as it was found afterwards.
    public convenience init(knobs: PowerKnobs, settings: [PowerSetting]) {
        self.init(knobs: knobs, settings: settings, file: .standard)
    }

    init(knobs: PowerKnobs, settings: [PowerSetting], file: PowerStateFile) {
        var taken = TakenKnobs(knobs: knobs, file: file)
        var refused: [(PowerSetting, MachineError)] = []
        var possible: [PowerSetting] = []
        for setting in settings where !possible.contains(setting) {
            do {
                try taken.take(setting)
                possible.append(setting)
            } catch {
                refused.append((setting, error))
            }
        }
        var usable: [PowerSetting] = []
        var settleTimes: [PowerSetting: Duration] = [:]
        for setting in possible {
            do {
                settleTimes[setting] = try taken.attempt(setting)
                usable.append(setting)
            } catch {
                refused.append((setting, error))
            }
        }
        do {
            try taken.keep(for: usable)
        } catch {
            refused += usable.map { ($0, error) }
            usable = []
        }
        self.settings = usable
        self.refused = refused
        self.settleTimes = settleTimes
        self.taken = taken
        names = usable.map(\.name)
        registers = taken.turned.flatMap(\.registers)
        owners = taken.turned.flatMap { knob in
            knob.registers.indices.map { (knob.knob.kind, Set([knob.before[$0]] + knob.written[$0])) }
        }
        texts = (usable.map(Optional.some) + [nil]).map { setting in taken.turned.flatMap { $0.texts(for: setting) } }
        if usable.isEmpty {
            let lines = restore()
            state.withLock { $0.untold = lines }
        }
    }

    deinit { restore() }

    /// Sets the machine to a setting; nothing happens when it is set already.
    ///
    /// - Parameter setting: One of `settings`; nil for the machine as it was found.
    /// - Returns: How long from now the machine takes to follow; zero when nothing changed.
    /// - Throws: `.badSetting` for a setting that is not one of `settings`; `.refused` when the machine did not take
    ///   it, and `.held` when somebody else has changed one of its knobs meanwhile: then the machine stands as it was
    ///   found, what somebody else set apart, and no setting of that knob is tried again.
    @discardableResult
    public func apply(_ setting: PowerSetting?) throws(MachineError) -> Duration {
        var index: Int?
        if let setting {
            index = settings.firstIndex(of: setting)
            guard index != nil else {
                throw MachineError(.badSetting, "\(setting.name): is not one of this run's power settings")
            }
        }
        return try apply(index: index)
    }

    /// As `apply(_:)`, with a setting's name, such as `Alert.Setting.power`.
    @discardableResult
    public func apply(named name: String?) throws(MachineError) -> Duration {
        var index: Int?
        if let name {
            index = names.firstIndex(of: name)
            guard index != nil else {
                throw MachineError(.badSetting, "\(name): is not one of this run's power settings")
            }
        }
        return try apply(index: index)
    }

    /// How long after a change the machine follows a setting, by its name; zero for the machine as it was found.
    public func settleTime(named name: String?) -> Duration {
        settings.first { $0.name == name }.flatMap { settleTimes[$0] } ?? .zero
    }

    /// Whether a setting can still be applied, by its name, such as `Alert.Setting.power`.
    public func isUsable(named name: String) -> Bool {
        guard let index = names.firstIndex(of: name) else { return false }
        return state.withLock { !$0.isRestored && !$0.failed.contains(index) }
    }

    /// Puts everything back as it was found, and lets go of the knobs; does nothing the second time.
    ///
    /// Where no setting can be had, that was done when this was made; the first call tells of it.
    ///
    /// - Returns: What could not be put back, or was not heed's to put back, a sentence each.
    @discardableResult
    public func restore() -> [String] {
        state.withLock { state in
            guard !state.isRestored else {
                defer { state.untold = [] }
                return state.untold
            }
            state.isRestored = true
            state.applied = nil
            var lines = taken.lines
            var done: [PowerKind] = []
            for knob in taken.turned {
                let outcome = knob.release()
                lines += outcome.lines
                if outcome.isDone { done.append(knob.knob.kind) }
            }
            guard !taken.turned.isEmpty else { return lines }
            do throws(MachineError) { try taken.forget(done) } catch { lines.append(error.message) }
            return lines
        }
    }

    private func apply(index: Int?) throws(MachineError) -> Duration {
        try state.withLock { state throws(MachineError) in
            if state.applied == index { return .zero }
            if let index, state.isRestored || state.failed.contains(index) {
                throw MachineError(.refused, "\(names[index]): the machine did not take this power setting before")
            }
            let (old, new) = (texts[state.applied ?? settings.count], texts[index ?? settings.count])
            for (position, register) in registers.enumerated() where old[position] != new[position] {
                do throws(MachineError) {
                    try checkIsOwn(register, at: position)
                    try register.write(new[position])
                } catch {
                    giveUp(owners[position].kind, &state, because: error)
                    throw error
                }
            }
            // Back to what was found takes as long as away from it.
            let slower = [index, state.applied].compactMap(\.self).compactMap { settleTimes[settings[$0]] }.max()
            state.applied = index
            return slower ?? .zero
        }
    }

    /// - Throws: `.held` where a register's value is neither heed's nor the one from before.
    private func checkIsOwn(_ register: any PowerRegister, at position: Int) throws(MachineError) {
        guard register.isReadable else { return }
        let now = try register.read()
        guard !owners[position].known.contains(now) else { return }
        throw MachineError(
            .held,
            "\(register.target): is \(now), which is neither heed's nor what was there before: somebody else sets it")
    }

    /// Puts everything back but what somebody else has set, and tries no setting of a knob again.
    private func giveUp(_ kind: PowerKind, _ state: inout State, because error: MachineError) {
        for knob in taken.turned where error.code != .held || knob.knob.kind != kind { try? knob.reset() }
        state.applied = nil
        state.failed.formUnion(settings.indices.filter { settings[$0].limits.contains { $0.kind == kind } })
    }
}
