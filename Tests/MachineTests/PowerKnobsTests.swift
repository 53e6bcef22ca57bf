import Testing

@testable import Machine

struct PowerKnobsTests {
    private func status(_ kind: PowerKind, _ knobs: PowerKnobs) throws -> PowerKnobs.Status {
        try #require(knobs.statuses.first { $0.kind == kind })
    }

    @Test func whatAMachineHasIsFoundWithItsBounds() throws {
        let tree = try PowerTree()
        let knobs = tree.knobs
        #expect(try status(.package, knobs).bounds == "6.5 W to 65.0 W")
        #expect(try status(.package, knobs).current == "45.0 W")
        #expect(try status(.frequency, knobs).bounds == "0.8GHz to 4.2GHz")
        #expect(try status(.frequency, knobs).current == "4.2GHz, 2.8GHz")
        #expect(try status(.preference, knobs).current == "balance_performance")
        #expect(try status(.cpu, knobs).bounds == "1.3% to 100% of 8.0 cores")
        #expect(tree.value(PowerTree.package) == "45000000")
        for kind in [PowerKind.cpu, .package, .frequency, .preference] { #expect(try status(kind, knobs).isAvailable) }
    }

    @Test func whatAMachineLacksHasAReason() throws {
        let tree = try MachineTree()
        for status in PowerKnobs(files: KernelFiles(root: tree.root), process: 1).statuses {
            #expect(!status.isAvailable)
            #expect(!status.reason.isEmpty, "\(status.kind)")
        }
    }

    @Test(arguments: [
        ("package: 90 W", "6.5 W to 65.0 W"), ("package: 1 W", "6.5 W to 65.0 W"),
        ("frequency: 5 GHz", "0.8GHz to 4.2GHz"), ("preference: turbo", "default, performance"), ("cpu: 1%", "1.3% to"),
    ])
    func aValueBeyondTheBoundsIsRefusedWithThem(text: String, bounds: String) throws {
        let tree = try PowerTree()
        let control = try tree.control(text)
        #expect(control.settings.isEmpty)
        let reason = try #require(control.refused.first?.reason)
        #expect(reason.code == .badSetting)
        #expect(reason.message.contains(bounds))
        #expect(!tree.file.exists)
    }

    @Test(arguments: ["", "lots\n", "-5\n", "0\n"])
    func aFileThatHoldsNonsenseIsNoKnob(text: String) throws {
        let tree = try PowerTree()
        try tree.tree.write(text, to: PowerTree.package)
        #expect(try !status(.package, tree.knobs).isAvailable)
        let refused = try tree.control("package: 20 W").refused
        #expect(refused.first?.reason.code == .unavailable)
        #expect(tree.value(PowerTree.package) == text.trimmed)
    }

    @Test func inVersion2OtherProcessesOfTheGroupAreInTheWay() throws {
        let tree = try MachineTree([
            "/proc/self/cgroup": "0::/app\n", "/proc/self/mountinfo": "30 23 0:26 / /cg rw - cgroup2 cgroup2 rw\n",
            "/cg/app/cgroup.controllers": "cpu memory\n", "/cg/app/cgroup.type": "domain\n",
            "/cg/app/cgroup.subtree_control": "\n", "/cg/app/cgroup.procs": "7\n8\n9\n",
        ])
        let knobs = PowerKnobs(files: KernelFiles(root: tree.root), process: 7)
        #expect(try status(.cpu, knobs).reason.contains("2 other processes"))
        #expect(try status(.cpu, knobs).remedy.contains("Delegate=yes"))
        try tree.write("7\n", to: "/cg/app/cgroup.procs")
        #expect(try status(.cpu, PowerKnobs(files: KernelFiles(root: tree.root), process: 7)).isAvailable)
    }

    @Test func stepsAreWithinWhatTheMachineAllows() throws {
        let tree = try PowerTree()
        let names = tree.knobs.steps.map(\.name)
        #expect(
            names == [
                "cpu-75%", "cpu-50%", "package-49W", "package-33W", "frequency-3.2GHz", "frequency-2.1GHz",
                "preference-balance_power", "preference-power",
            ])
        let control = PowerControl(knobs: tree.knobs, settings: tree.knobs.steps, file: tree.file)
        #expect(control.refused.isEmpty)
        control.restore()
    }
}
