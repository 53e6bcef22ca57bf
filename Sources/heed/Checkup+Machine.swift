import Capture
import Glibc
import Machine
import Pipelines

extension Checkup {
    /// The processor, what it computes with, and memory.
    static func machine(root: String) -> [Finding] {
        do {
            let machine = try MachineDescription.current(root: root)
            let allowance = try CoreAllowance.current(root: root)
            let cores = "\(allowance.allowed) core\(allowance.allowed == 1 ? "" : "s")"
            let quota = allowance.quota.map { ", of which a control group leaves \($0.formatted(decimals: 2))" } ?? ""
            let processor = Finding(
                name: "processor", state: .present, detail: "\(machine.cpuModel), \(cores) for heed\(quota)")
            let memory = Finding(
                name: "memory", state: .present,
                detail: "\((Double(machine.memory) / 1e9).formatted(decimals: 1)) GB, kernel \(machine.kernel)")
            return [processor] + instructions(machine) + [memory]
        } catch {
            return [Finding(name: "processor", state: .missing, detail: "\(error)")]
        }
    }

    /// The instruction sets that decide how fast inference is.
    private static func instructions(_ machine: MachineDescription) -> [Finding] {
        let sets: [(name: String, flags: Set<String>, use: String)] =
            machine.architecture == "x86_64"
            ? [
                ("AVX2", ["avx2"], "fp32, eight numbers at a time"),
                ("AVX-512", ["avx512f"], "fp32, sixteen numbers at a time"),
                ("VNNI", ["avx512_vnni", "avx_vnni"], "int8 models"),
                ("BF16", ["avx512_bf16"], "bf16, half the memory of fp32"),
                ("AMX", ["amx_bf16", "amx_int8"], "whole matrices of bf16 and int8: `--processors openvino`"),
            ]
            : [
                ("NEON", ["asimd", "neon"], "fp32, four numbers at a time"),
                ("dot product", ["asimddp"], "int8 models"),
                ("I8MM", ["i8mm"], "matrices of int8"),
                ("BF16", ["bf16"], "bf16, half the memory of fp32"),
            ]
        return sets.map { set in
            let isHere = !set.flags.isDisjoint(with: machine.cpuFlags)
            return Finding(
                name: set.name, state: isHere ? .present : .absent,
                detail: isHere ? "for \(set.use)" : "not in this processor; would be for \(set.use)")
        }
    }

    /// Graphics cards that the kernel sees; whether one computes is for the inference engine to say.
    static func graphics(root: String) -> [Finding] {
        let cards = GraphicsCard.all(root: root)
        guard !cards.isEmpty else {
            return [Finding(name: "GPU", state: .absent, detail: "the kernel sees no graphics card")]
        }
        return cards.map { card in
            Finding(
                name: "GPU", state: card.driver == nil ? .missing : .present,
                detail: "\(card.maker), \(card.place), " + (card.driver.map { "driver \($0)" } ?? "without a driver"),
                remedy: card.driver == nil
                    ? "Install its driver; `lspci -k -s \(card.place)` names the candidates." : nil)
        }
    }

    /// The energy meters, and which of them is used.
    static func energy(root: String) -> [Finding] {
        let meters = EnergyMeters.discover(root: root)
        let chosen = try? meters.meter().sources
        let found = meters.statuses.map { status in
            switch status.availability {
            case .available(let coverage, let channels):
                Finding(
                    name: status.source.rawValue, state: .present,
                    detail: "measures the \(coverage.rawValue) by \(channels.joined(separator: ", "))")
            case .missing(let reason, let remedy):
                Finding(
                    name: status.source.rawValue, state: remedy == nil ? .absent : .missing, detail: reason,
                    remedy: remedy)
            }
        }
        let isEstimated = chosen?.contains(EnergySources(.estimated)) ?? true
        let words =
            isEstimated ? "; set energy.idle and energy.core in the pipeline file to what this machine draws" : ""
        return found + [
            Finding(name: "heed takes", state: .present, detail: (chosen?.description ?? "estimated") + words)
        ]
    }

    /// What can be set to trade speed for power.
    static func powerSettings(root: String) -> [Finding] {
        PowerKnobs.discover(root: root).statuses.map { status in
            let name = status.kind.rawValue
            if status.isAvailable {
                let now = status.current.isEmpty ? "" : ", now \(status.current)"
                return Finding(name: name, state: .present, detail: "\(status.bounds)\(now)")
            }
            // Where nothing can be done, nothing is wrong.
            return Finding(
                name: name, state: status.remedy.isEmpty ? .absent : .missing, detail: status.reason,
                remedy: status.remedy.isEmpty ? nil : status.remedy)
        }
    }

    /// What capture threads need.
    static func permissions() -> [Finding] {
        let limits = "/etc/security/limits.d/70-heed.conf"
        let group = "`sudo usermod -aG audio $USER`, then log in again; start a container with"
        let priority = ThreadPriority.granted
        let isRealTime = if case .realTime = priority { true } else { false }
        var memory = rlimit()
        getrlimit(__rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue), &memory)
        let isUnlimited = memory.rlim_cur == .max || geteuid() == 0
        // Ten seconds of sound, as the microphone's ring holds them.
        let isEnough = isUnlimited || memory.rlim_cur >= 8 << 20
        let locked = isUnlimited ? "without limit" : "\(memory.rlim_cur / 1_024) KiB"
        return [
            Finding(
                name: "real time", state: isRealTime ? .present : .missing,
                detail: isRealTime
                    ? "capture threads run before all others"
                    : "capture threads run as \(priority): sound may be lost while others work",
                remedy: isRealTime
                    ? nil
                    : "`echo '@audio - rtprio 20' | sudo tee -a \(limits)` and \(group) `--ulimit rtprio=20`."),
            Finding(
                name: "locked memory", state: isEnough ? .present : .missing,
                detail: isEnough
                    ? "\(locked): captured sound is never swapped out"
                    : "\(locked), too little to keep sound in memory",
                remedy: isEnough
                    ? nil
                    : "`echo '@audio - memlock 65536' | sudo tee -a \(limits)` and \(group) "
                        + "`--ulimit memlock=67108864`."),
        ]
    }

    /// Cameras and microphones, and what keeps from them.
    static func devices(root: String) -> [Finding] {
        let listing = DeviceListing(tree: DeviceTree(root: root))
        let cameras = listing.cameras.map { (name: $0.name, device: $0.device, problem: $0.problem) }
        let microphones = listing.microphones.map { (name: $0.card, device: $0.name, problem: $0.problem) }
        return findings("camera", cameras, listing.notes.cameras)
            + findings("microphone", microphones, listing.notes.microphones)
    }

    private static func findings(
        _ kind: String, _ devices: [(name: String, device: String, problem: CaptureError?)], _ notes: [String]
    ) -> [Finding] {
        let found = devices.map { device in
            Finding(
                name: kind, state: device.problem == nil ? .present : .missing,
                detail: "\(device.name): \(device.problem?.message ?? device.device)")
        }
        // A machine without a camera still recognises recordings.
        return found + notes.map { Finding(name: found.isEmpty ? kind : "", state: .absent, detail: $0) }
    }
}
