import Foundation
import Testing
import Units

@testable import Machine

/// The processor's own counters, on copies of the kernel's files.
struct ProcessorCounterTests {
    private let tree: MachineTree

    init() throws { tree = try MachineTree() }

    private func spent(_ meter: any EnergyMeter, _ change: () throws -> Void) rethrows -> EnergyReading {
        let before = meter.reading()
        try change()
        return meter.reading() - before
    }

    @Test func packagesAndTheirMemoryAddUpAndCoresAreNotCountedTwice() throws {
        try tree.addPackages()
        let meter = try tree.meters().meter(.rapl)
        let energy = try spent(meter) {
            try tree.setZone("intel-rapl:0", "3000000\n")
            try tree.setZone("intel-rapl:0:0", "2900000\n")
            try tree.setZone("intel-rapl:0:1", "10500000\n")
            try tree.setZone("intel-rapl:1", "6000000\n")
        }
        #expect(abs(energy.total.value - 3.5) < 1e-9)
        #expect(energy[.rapl] == energy.total)
        #expect(energy.sources.description == "rapl")
    }

    @Test func aCounterThatWrapsAroundGoesOn() throws {
        try tree.addZone("intel-rapl:0", name: "package-0", microjoules: 65_532_000_000, range: 65_532_610_987)
        let meter = try tree.meters().meter(.rapl)
        let energy = try spent(meter) { try tree.setZone("intel-rapl:0", "389013\n") }
        #expect(abs(energy.total.value - 1.0) < 1e-9)
        #expect(energy.sources.description == "rapl")
    }

    @Test func thePlatformsCounterComesBeforeThePackages() throws {
        try tree.addPackages()
        try tree.addZone("intel-rapl:2", name: "psys", microjoules: 7_000_000)
        let meters = tree.meters()
        #expect(meters.statuses.first?.availability == .available(.machine, channels: ["psys"]))
        let energy = try spent(try meters.meter()) {
            try tree.setZone("intel-rapl:0", "3000000\n")
            try tree.setZone("intel-rapl:2", "11000000\n")
        }
        #expect(energy.total == Joules(4))
    }

    @Test func aPlatformCounterThatDoesNotCountIsPassedOver() throws {
        try tree.addPackages()
        try tree.addZone("intel-rapl:2", name: "psys", microjoules: 0)
        #expect(
            tree.meters().statuses.first?.availability
                == .available(.processor, channels: ["package-0", "package-1", "dram"]))
    }

    @Test(arguments: ["", "soon\n", "-5\n", "12 13\n", "123456789012345678901234567890\n"])
    func aFileOfNonsenseIsToldOnceAndEnergyIsEstimatedWhileItLasts(nonsense: String) throws {
        try tree.addPackages()
        let meter = try tree.meters().meter(.rapl, model: PowerModel(idle: Watts(1_000), core: .zero))
        let listener = Listener()
        meter.tell(listener.hear)
        let before = try spent(meter) { try tree.setZone("intel-rapl:0", "2000000\n") }
        #expect(before.sources.description == "rapl")
        #expect(before[.estimated] == .zero)

        let during = try spent(meter) {
            try tree.setZone("intel-rapl:1", nonsense)
            try tree.setZone("intel-rapl:0", "9000000\n")
            usleep(2_000)
        }
        // One package alone would look like both: nothing of it counts.
        #expect(during[.rapl] == .zero)
        #expect(during[.estimated] >= Joules(2))
        #expect(during.sources.description == "estimated")
        #expect(meter.sources.description == "estimated")
        _ = meter.reading()
        #expect(listener.lines.count == 1)
        #expect(listener.lines.first?.hasPrefix("energy: rapl package-1 ") == true)
        #expect(listener.lines.first?.hasSuffix("; energy is estimated while that lasts") == true)

        try tree.setZone("intel-rapl:1", "50000000\n")
        _ = meter.reading()
        let after = try spent(meter) { try tree.setZone("intel-rapl:1", "51000000\n") }
        #expect(after.total == Joules(1))
        #expect(after.sources.description == "rapl")
    }

    @Test func aJumpThatNoMachineCanMakeIsNotBelieved() throws {
        try tree.addPackages()
        let meter = try tree.meters().meter(.rapl)
        let listener = Listener()
        meter.tell(listener.hear)
        let energy = try spent(meter) { try tree.setZone("intel-rapl:0", "900000000000\n") }
        #expect(energy[.rapl] == .zero)
        #expect(energy.total < Joules(1_000))
        #expect(listener.lines.count == 1)
    }

    @Test func withoutPermissionTheReasonAndTheUdevRuleAreTold() throws {
        try tree.addPackages()
        for zone in ["intel-rapl:0", "intel-rapl:1"] {
            chmod(tree.root + "/sys/class/powercap/\(zone)/energy_uj", 0o400)
        }
        try asNobody {
            let meters = tree.meters()
            let error = #expect(throws: MachineError.self) { try meters.meter(.rapl) }
            #expect(error?.code == .missing)
            let message = error?.message ?? ""
            #expect(message.contains("intel-rapl:0/energy_uj: only root may read it"))
            #expect(message.contains("`sudo chmod a+r /sys/class/powercap/intel-rapl:*/energy_uj`"))
            #expect(message.contains("sudo tee /etc/udev/rules.d/70-heed-energy.rules`"))
            let chosen = try meters.meter()
            #expect(chosen.sources.description == "estimated")
        }
    }

    /// Runs with the rights to files that nobody has; other threads keep theirs.
    private func asNobody(_ body: () throws -> Void) throws {
        typealias SetUser = @convention(c) (uid_t) -> CInt
        // <sys/fsuid.h> is not in Glibc's module.
        let setUser = unsafeBitCast(try #require(dlsym(nil, "setfsuid")), to: SetUser.self)
        let user = setUser(65_534)
        defer { _ = setUser(uid_t(user)) }
        try body()
    }

    @Test func aVirtualMachineIsSaidToBeOne() throws {
        guard case .missing(let reason, let remedy)? = tree.meters().statuses.first?.availability else {
            Issue.record("there is no counter in this tree")
            return
        }
        #expect(reason == "a virtual machine is not shown its processor's counters")
        #expect(remedy == nil)
    }

    @Test func aMachineWhoseDriverIsNotLoadedIsToldHowToLoadIt() throws {
        let bare = try MachineTree(cpuinfo: "vendor_id : AuthenticAMD\nflags : avx2\n")
        guard case .missing(_, let remedy)? = bare.meters().statuses.first?.availability else {
            Issue.record("there is no counter in this tree")
            return
        }
        #expect(remedy?.contains("sudo modprobe intel_rapl_msr") == true)
        let arm = try MachineTree(cpuinfo: MachineTree.raspberry)
        #expect(
            arm.meters().statuses.first?.availability
                == .missing(reason: "this processor has no such counters", remedy: nil))
    }
}
