import Glibc
import Units

/// A knob that this process holds: its open registers, what they held, and what they hold under each setting.
struct TurnedKnob: Sendable {
    let knob: any PowerKnob
    let registers: [any PowerRegister]
    /// What each register held when it was found.
    let before: [String]
    /// What each register read back under a setting, beside what was written.
    private(set) var written: [[String]]
    /// For each setting, what to write to each register.
    private var texts: [PowerSetting: [String]] = [:]

    init(knob: any PowerKnob, registers: [any PowerRegister], before: [String]) {
        self.knob = knob
        self.registers = registers
        self.before = before
        written = registers.map { _ in [] }
    }

    /// What the registers must hold for a setting; as they were found for nil, or for one that leaves this knob alone.
    func texts(for setting: PowerSetting?) -> [String] { setting.flatMap { texts[$0] } ?? before }

    /// Sets what a setting says, waits until the machine follows, and notes what it reads back.
    ///
    /// - Throws: `.refused` when the machine takes another value, and what the registers throw.
    mutating func attempt(_ setting: PowerSetting) throws(MachineError) {
        guard let limit = setting.limits.first(where: { $0.kind == knob.kind }) else { return }
        var wanted: [String] = []
        for (index, register) in registers.enumerated() {
            let text = knob.text(of: limit, for: register.target, before: before[index])
            try register.write(text)
            wanted.append(text)
        }
        for _ in 0..<Self.patience where !knob.isInForce(limit) { usleep(Self.look) }
        for (index, register) in registers.enumerated() {
            let now = try register.read()
            guard Self.isSame(now, wanted[index]) else {
                throw MachineError(
                    .refused, "\(register.target): was set to \(wanted[index]), but the kernel made it \(now)")
            }
            written[index] += [wanted[index], now]
        }
        texts[setting] = wanted
    }

    /// Sets every register to what it held, whatever it holds now.
    func reset() throws(MachineError) {
        var failure: MachineError?
        for (index, register) in registers.enumerated() {
            do { try register.write(before[index]) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Sets every register to what it held, unless somebody else has changed it; gives back what `open` took.
    ///
    /// - Returns: What could not be put back, a sentence each, and whether nothing is left to do.
    func release() -> (lines: [String], isDone: Bool) {
        var lines: [String] = []
        var isDone = true
        for (index, register) in registers.enumerated() {
            let entry = PowerState.Register(target: register.target, before: before[index], written: written[index])
            do {
                let now = try register.read()
                if now != before[index], !written[index].contains(now) {
                    lines.append(entry.foreign(now))
                } else if now != before[index] {
                    _ = try entry.putBack(through: register)
                }
            } catch {
                lines.append("\(knob.kind.rawValue): \(error.message)")
                isDone = false
            }
        }
        do {
            try knob.close()
        } catch {
            lines.append("\(knob.kind.rawValue): \(error.message)")
            isDone = false
        }
        return (lines, isDone)
    }

    /// Whether a value is the one that was written: drivers round numbers to what the hardware knows.
    static func isSame(_ read: String, _ written: String) -> Bool {
        if read == written { return true }
        guard let a = Double(read), let b = Double(written) else { return false }
        return abs(a - b) <= abs(b) / 20
    }

    /// How long, and how often, to look whether the machine follows: a quarter of a second in all.
    private static let look: UInt32 = 200
    private static let patience = 1_250
}
