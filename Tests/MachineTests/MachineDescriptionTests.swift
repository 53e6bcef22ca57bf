import Glibc
import Testing

@testable import Machine

struct MachineDescriptionTests {
    @Test func thisMachineDescribesItself() throws {
        let machine = try MachineDescription.current()
        #expect(!machine.cpuModel.isEmpty)
        #expect((1...sysconf(Int32(_SC_NPROCESSORS_CONF))).contains(machine.logicalCores))
        #expect(machine.memory > 64 << 20)
        #expect(["x86_64", "aarch64"].contains(machine.architecture))
        #expect(!machine.kernel.isEmpty)
        #expect(try MachineDescription.current() == machine)
    }

    @Test func anIntelMachineIsKnownByItsModelAndFlags() throws {
        let machine = try MachineTree().describe()
        #expect(machine.cpuModel == "Intel(R) Xeon(R) Processor")
        #expect(
            machine.cpuFlags == [
                "amx_bf16", "amx_int8", "amx_tile", "avx", "avx2", "avx512_vnni", "avx512f", "fma",
            ])
        #expect(machine.memory == 16_316_412 << 10)
        #expect(machine.kernel == "6.1.0-21-amd64")
    }

    @Test func anArmBoardIsKnownByItsNameAndCore() throws {
        let machine = try MachineTree(cpuinfo: MachineTree.raspberry).describe(architecture: "aarch64")
        #expect(machine.cpuModel == "Raspberry Pi 5 Model B Rev 1.0, part 0xd0b of implementer 0x41")
        #expect(machine.cpuFlags == ["asimd", "asimddp", "asimdhp"])
    }

    @Test func namelessCoresAreKnownByTheirNumbers() throws {
        let machine = try MachineTree(cpuinfo: MachineTree.nameless).describe(architecture: "aarch64")
        #expect(machine.cpuModel == "part 0xd03+0xd09 of implementer 0x41")
    }

    @Test func aProcessorThatSaysNothingIsKnownByItsArchitecture() throws {
        #expect(try MachineTree(cpuinfo: "").describe(architecture: "riscv64").cpuModel == "riscv64 processor")
    }

    @Test func affinityLimitsTheCores() throws {
        let tree = try MachineTree()
        #expect(try tree.describe().logicalCores == 8)
        try tree.write("Cpus_allowed:\t00000001,80000003\n", to: "/proc/self/status")
        #expect(try tree.describe().logicalCores == 4)
    }

    @Test func aQuotaLimitsTheCores() throws {
        let tree = try MachineTree([
            "/proc/self/cgroup": "0::/\n", "/proc/self/mountinfo": "30 23 0:26 / /cg rw - cgroup2 cgroup2 rw\n",
            "/cg/cpu.max": "150000 100000\n",
        ])
        #expect(try tree.describe().logicalCores == 2)
    }

    @Test func identityIsWhatAProfileMustMatch() throws {
        let machine = try MachineTree().describe()
        var other = machine
        other.kernel = "6.12"
        other.memory *= 2
        #expect(other.identity == machine.identity)
        other.logicalCores = 4
        #expect(other.identity != machine.identity)
        #expect(Set(machine.identity.keys) == ["cpu", "cores", "architecture", "flags"])
    }

    @Test func aMissingFileIsAnErrorThatNamesIt() throws {
        let error = try #require(throws: MachineError.self) {
            _ = try MachineDescription(files: KernelFiles(root: "/nowhere"), architecture: "x86_64")
        }
        #expect(error.code == .unreadable)
        #expect(error.message.contains("/nowhere/proc/cpuinfo"))
    }

    @Test(arguments: [("/proc/meminfo", "MemTotal: lots\n", "MemTotal"), ("/proc/self/status", "\n", "Cpus_allowed")])
    func nonsenseIsAnErrorThatNamesTheKey(path: String, text: String, key: String) throws {
        let tree = try MachineTree([path: text])
        let error = try #require(throws: MachineError.self) { _ = try tree.describe() }
        #expect(error.code == .malformed)
        #expect(error.message.contains("\(path): \(key)"))
    }
}
