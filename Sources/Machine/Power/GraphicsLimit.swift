import CNVML
import Glibc
import Synchronization
import Units

/// The power limit, or the highest clock, of NVIDIA GPUs, through the driver's management library.
///
/// Source: NVML's reference, "Device Commands". Setting takes root.
struct GraphicsLimit: PowerKnob {
    let kind: PowerKind
    private let cards: [Limited]

    /// A GPU, what a state file calls it, and what it allows, in mW or MHz.
    private struct Limited {
        var card: NVML.Card
        var target: String
        var allowed: ClosedRange<Int>
    }

    /// - Throws: `PowerObstacle`.
    init(_ kind: PowerKind, files: KernelFiles) throws(PowerObstacle) {
        self.kind = kind
        let found: [Limited]
        do throws(NVML.Failure) {
            found = try Self.cards(of: kind, files: files)
        } catch {
            throw PowerObstacle(
                reason: "no NVIDIA GPU whose \(kind.words) can be set: \(error.reason)",
                remedy: "With such a GPU: `sudo apt install nvidia-driver`; start a container with `--gpus all`.")
        }
        guard !found.isEmpty else { throw PowerObstacle(reason: "no NVIDIA GPU", remedy: "") }
        cards = found
        guard geteuid() == 0 else {
            throw PowerObstacle(
                reason: "only root may set the \(kind.words)", remedy: "sudo -E heed …, or sudo nvidia-smi beforehand")
        }
    }

    /// The GPUs whose limit of a kind is known.
    private static func cards(
        of kind: PowerKind, files: KernelFiles
    ) throws(NVML.Failure) -> [Limited] {
        guard files.root.isEmpty else { throw NVML.Failure(reason: "a copied tree has none") }
        var found: [Limited] = []
        for card in try NVML.load(NVML.libraryName).cards() {
            let allowed = kind == .gpu ? try card.powerLimits() : 1...max(1, try card.highestClock())
            found.append(Limited(card: card, target: "nvml:\(try card.uuid())", allowed: allowed))
        }
        return found
    }

    var bounds: String {
        // What every one of them allows.
        let least = cards.map { $0.allowed.lowerBound }.max() ?? 0
        let most = cards.map { $0.allowed.upperBound }.min() ?? 0
        return kind == .gpu ? "\(least / 1_000) W to \(most / 1_000) W" : "up to \(most) MHz"
    }

    var current: String {
        cards.map { card in
            guard kind == .gpu else { return ((try? card.card.clock()).map { "\($0) MHz now" }) ?? "unreadable" }
            return (try? card.card.powerLimit()).map { "\($0 / 1_000) W" } ?? "unreadable"
        }.joined(separator: ", ")
    }

    var steps: [PowerLimit] {
        let most = Double(cards.map { $0.allowed.upperBound }.min() ?? 0)
        return PowerKnobs.shares.map { share in
            kind == .gpu
                ? .gpu(Watts((most * share / 1e3).rounded())) : .gpuClock(megahertz: Int((most * share).rounded()))
        }
    }

    func check(_ limit: PowerLimit) throws(MachineError) {
        guard let value = Int(text(of: limit, for: "", before: "")) else { return }
        guard cards.allSatisfy({ $0.allowed.contains(value) }) else {
            throw MachineError(.badSetting, "\(kind.rawValue): \(limit.value): this machine allows \(bounds)")
        }
    }

    func found() throws(MachineError) -> [(target: String, value: String)] {
        var found: [(target: String, value: String)] = []
        for register in try open() { found.append((register.target, try register.read())) }
        return found
    }

    func open() throws(MachineError) -> [any PowerRegister] {
        cards.map { GraphicsRegister(card: $0.card, kind: kind, target: $0.target) }
    }

    func text(of limit: PowerLimit, for _: String, before: String) -> String {
        switch limit {
        case .gpu(let watts): "\(Int((watts.value * 1e3).rounded()))"
        case .gpuClock(let megahertz): "\(megahertz)"
        default: before
        }
    }

    func isInForce(_ limit: PowerLimit) -> Bool {
        guard case .gpuClock(let megahertz) = limit else { return true }
        return cards.allSatisfy { ((try? $0.card.clock()) ?? 0) <= megahertz + megahertz / 50 }
    }

    /// Opens what a state file names.
    static func register(
        _ target: String, of kind: PowerKind, files: KernelFiles
    ) throws(MachineError) -> any PowerRegister {
        let found: [Limited]
        do throws(NVML.Failure) {
            found = try cards(of: kind, files: files)
        } catch {
            throw MachineError(.unavailable, "\(target): \(error.reason)")
        }
        guard let card = found.first(where: { $0.target == target }) else {
            throw MachineError(.unavailable, "\(target): there is no such GPU now")
        }
        return GraphicsRegister(card: card.card, kind: kind, target: target)
    }
}

/// One GPU's power limit, in mW, or its highest clock, in MHz or `unlocked`.
final class GraphicsRegister: PowerRegister {
    private static let unlocked = "unlocked"

    let target: String
    private let card: NVML.Card
    private let kind: PowerKind
    /// What was written: the driver does not tell whether clocks are locked.
    private let clock = Mutex(unlocked)

    init(card: NVML.Card, kind: PowerKind, target: String) {
        self.card = card
        self.kind = kind
        self.target = target
    }

    var isReadable: Bool { kind == .gpu }

    func read() throws(MachineError) -> String {
        guard kind == .gpu else { return clock.withLock { $0 } }
        do throws(NVML.Failure) {
            return "\(try card.powerLimit())"
        } catch {
            throw MachineError(.unreadable, "\(target): \(error.reason)")
        }
    }

    func write(_ text: String) throws(MachineError) {
        do throws(NVML.Failure) {
            switch (kind, UInt32(text)) {
            case (.gpu, let milliwatts?): try card.setPowerLimit(milliwatts)
            case (.gpuClock, let megahertz?): try card.lockClocks(below: megahertz)
            case (.gpuClock, nil): try card.unlockClocks()
            default: throw NVML.Failure(reason: "\(text) is no limit")
            }
        } catch {
            throw MachineError(.refused, "\(target): the driver refused \(text): \(error.reason)")
        }
        clock.withLock { $0 = text }
    }
}

extension NVML.Card {
    func uuid() throws(NVML.Failure) -> String {
        try library.text { library.api.DeviceGetUUID?(handle, $0, 96) }
    }

    /// The limit that holds, in mW.
    func powerLimit() throws(NVML.Failure) -> Int {
        try number { library.api.DeviceGetPowerManagementLimit?(handle, $0) }
    }

    /// What the limit may be, in mW.
    func powerLimits() throws(NVML.Failure) -> ClosedRange<Int> {
        var (least, most): (UInt32, UInt32) = (0, 0)
        try library.check(library.api.DeviceGetPowerManagementLimitConstraints?(handle, &least, &most))
        return Int(least)...Int(max(least, most))
    }

    func setPowerLimit(_ milliwatts: UInt32) throws(NVML.Failure) {
        try library.check(library.api.DeviceSetPowerManagementLimit?(handle, milliwatts))
    }

    /// The graphics clock now, in MHz.
    func clock() throws(NVML.Failure) -> Int { try number { library.api.DeviceGetClockInfo?(handle, 0, $0) } }

    /// The highest that it can be, in MHz.
    func highestClock() throws(NVML.Failure) -> Int { try number { library.api.DeviceGetMaxClockInfo?(handle, 0, $0) } }

    func lockClocks(below megahertz: UInt32) throws(NVML.Failure) {
        try library.check(library.api.DeviceSetGpuLockedClocks?(handle, 0, megahertz))
    }

    func unlockClocks() throws(NVML.Failure) { try library.check(library.api.DeviceResetGpuLockedClocks?(handle)) }

    private func number(_ read: (UnsafeMutablePointer<UInt32>) -> nvml_result?) throws(NVML.Failure) -> Int {
        var value: UInt32 = 0
        try library.check(read(&value))
        return Int(value)
    }
}
