import FoundationEssentials
import Testing

@testable import Machine

/// A copy of the files in which a kernel describes a machine, in a folder that goes away with its owner.
final class MachineTree {
    let root: String

    /// A machine with eight cores' affinity, to which a test adds what it is about.
    init(cpuinfo: String = MachineTree.xeon, _ others: [String: String] = [:]) throws {
        root = FileManager.default.temporaryDirectory.path + "/heed-machine-" + UUID().uuidString
        try write(cpuinfo, to: "/proc/cpuinfo")
        try write("MemTotal:       16316412 kB\nMemFree:         812340 kB\n", to: "/proc/meminfo")
        try write("6.1.0-21-amd64\n", to: "/proc/sys/kernel/osrelease")
        try write("Name:\theed\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\nCpus_allowed:\tff\n", to: "/proc/self/status")
        for (path, text) in others { try write(text, to: path) }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func write(_ text: String, to path: String) throws {
        let file = URL(filePath: root + path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func describe(architecture: String = "x86_64") throws -> MachineDescription {
        try MachineDescription(files: KernelFiles(root: root), architecture: architecture)
    }

    func quota() -> ProcessorQuota? { ProcessorQuota(files: KernelFiles(root: root)) }

    static let xeon = """
        processor	: 0
        vendor_id	: GenuineIntel
        model name	: Intel(R) Xeon(R) Processor
        flags		: fpu vme sse2 avx avx2 fma avx512f avx512_vnni amx_tile amx_int8 amx_bf16 hypervisor

        processor	: 1
        vendor_id	: GenuineIntel
        model name	: Intel(R) Xeon(R) Processor
        flags		: fpu vme sse2 avx avx2 fma avx512f avx512_vnni amx_tile amx_int8 amx_bf16 hypervisor

        """

    /// A Raspberry Pi 5.
    static let raspberry = """
        processor	: 0
        BogoMIPS	: 108.00
        Features	: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
        CPU implementer	: 0x41
        CPU architecture: 8
        CPU variant	: 0x4
        CPU part	: 0xd0b
        CPU revision	: 1

        Revision	: d04170
        Serial		: 0000000000000000
        Model		: Raspberry Pi 5 Model B Rev 1.0

        """

    /// A server or board of ARM cores of two sizes, without a name anywhere.
    static let nameless = """
        processor	: 0
        Features	: fp asimd
        CPU implementer	: 0x41
        CPU part	: 0xd03

        processor	: 4
        Features	: fp asimd
        CPU implementer	: 0x41
        CPU part	: 0xd09

        """
}
