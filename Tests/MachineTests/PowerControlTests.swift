import FoundationEssentials
import Testing

@testable import Machine

struct PowerControlTests {
    @Test func aSettingIsAppliedAndTheMachinePutBack() throws {
        let tree = try PowerTree()
        let control = try tree.control("package: 20 W", "frequency: 3 GHz, preference: power", "cpu: 50%")
        #expect(control.refused.isEmpty)
        #expect(tree.value(PowerTree.package) == "45000000")

        try control.apply(named: "package-20W")
        #expect(tree.value(PowerTree.package) == "20000000")
        try control.apply(PowerSetting("frequency: 3 GHz, preference: power"))
        #expect(tree.value(PowerTree.package) == "45000000")
        #expect(PowerTree.frequencies.map(tree.value) == ["3000000", "2800000"])
        #expect(PowerTree.preferences.map(tree.value) == ["power", "power"])
        try control.apply(named: "cpu-50%")
        #expect(tree.value(PowerTree.group + "/cpu.cfs_quota_us") == "40000")
        #expect(PowerTree.frequencies.map(tree.value) == ["4200000", "2800000"])
        try control.apply(nil)
        #expect(tree.value(PowerTree.group + "/cpu.cfs_quota_us") == "-1")

        try control.apply(named: "package-20W")
        #expect(control.restore() == [])
        #expect(tree.value(PowerTree.package) == "45000000")
        #expect(!FileManager.default.fileExists(atPath: tree.root + PowerTree.group))
        #expect(!tree.file.exists)
    }

    @Test func onlyAChangeTakesTime() throws {
        let tree = try PowerTree()
        let control = try tree.control("cpu: 50%")
        let settle = try control.apply(named: "cpu-50%")
        #expect(settle >= .microseconds(ProcessorBandwidth.period))
        #expect(settle == control.settleTimes[control.settings[0]])
        #expect(try control.apply(named: "cpu-50%") == .zero)
        #expect(try control.apply(nil) == settle)
        #expect(try control.apply(nil) == .zero)
        control.restore()
        #expect(!tree.file.exists)
    }

    @Test func theOldValuesAreInTheStateFileBeforeAnythingIsSet() throws {
        let tree = try PowerTree()
        let control = try tree.control("package: 20 W")
        let held = try #require(try tree.file.read()?.held.first)
        #expect(held.kind == .package)
        #expect(held.holder.process == ProcessIdentity.current()?.process)
        #expect(held.registers.first?.before == "45000000")
        #expect(held.registers.first?.written?.contains("20000000") == true)
        control.restore()
    }

    @Test func whereTheOldValuesCannotBeKeptNothingIsSet() throws {
        let tree = try PowerTree()
        // A file where the folder should be.
        try tree.tree.write("", to: "/state")
        let control = try tree.control("package: 20 W")
        #expect(control.settings.isEmpty)
        #expect(control.refused.first?.reason.code == .stateNotKept)
        #expect(tree.value(PowerTree.package) == "45000000")
    }

    @Test func aSecondHolderIsRefusedWithTheFirstOnesProcess() throws {
        let tree = try PowerTree()
        let first = try tree.control("package: 20 W")
        let second = try tree.control("package: 30 W", "frequency: 2 GHz")
        #expect(second.settings.map(\.name) == ["frequency-2GHz"])
        let reason = try #require(second.refused.first?.reason)
        #expect(reason.code == .held)
        #expect(reason.message.contains("process \(ProcessIdentity.current()?.process ?? 0)"))
        first.restore()
        #expect(try tree.control("package: 30 W").refused.isEmpty)
        second.restore()
    }

    @Test func aValueThatSomebodyElseSetIsLeftAndSaid() throws {
        let tree = try PowerTree()
        let control = try tree.control("package: 20 W")
        try control.apply(named: "package-20W")
        try tree.tree.write("33000000\n", to: PowerTree.package)
        let lines = control.restore()
        #expect(lines.count == 1)
        #expect(lines.first?.contains("33000000") == true)
        #expect(tree.value(PowerTree.package) == "33000000")
        #expect(!tree.file.exists)
    }

    @Test func aFileThatVanishesIsAnErrorAndTheRestIsPutBack() throws {
        let tree = try PowerTree()
        let control = try tree.control("package: 20 W, frequency: 2 GHz")
        try control.apply(control.settings[0])
        try FileManager.default.removeItem(atPath: tree.root + PowerTree.package)
        #expect(PowerTree.frequencies.map(tree.value) == ["2000000", "2000000"])
        control.restore()
        #expect(PowerTree.frequencies.map(tree.value) == ["4200000", "2800000"])
    }

    @Test func aSettingOfNobodysIsAnError() throws {
        let tree = try PowerTree()
        let control = try tree.control("package: 20 W")
        let error = try #require(throws: MachineError.self) { try control.apply(named: "package-21W") }
        #expect(error.code == .badSetting)
        control.restore()
        #expect(!tree.file.exists)
    }

    @Test func aValueNearTheOneAskedForIsTheSame() {
        #expect(TurnedKnob.isSame("14875000", "15000000"))
        #expect(!TurnedKnob.isSame("45000000", "15000000"))
        #expect(TurnedKnob.isSame("power", "power"))
        #expect(!TurnedKnob.isSame("balance_power", "power"))
    }

    @Test func aKnobThatVanishesInUseIsGivenUpAndTheOthersStay() throws {
        let tree = try PowerTree()
        let control = try tree.control("package: 20 W", "package: 30 W", "frequency: 2 GHz")
        try control.apply(named: "frequency-2GHz")
        try FileManager.default.removeItem(atPath: tree.root + PowerTree.package)
        let error = try #require(throws: MachineError.self) { try control.apply(named: "package-20W") }
        #expect(error.code == .refused)
        // As it was found.
        #expect(PowerTree.frequencies.map(tree.value) == ["4200000", "2800000"])
        #expect(!control.isUsable(named: "package-20W"))
        #expect(!control.isUsable(named: "package-30W"))
        #expect(control.isUsable(named: "frequency-2GHz"))
        try control.apply(named: "frequency-2GHz")
        #expect(tree.value(PowerTree.frequencies[0]) == "2000000")
        control.restore()
        #expect(!control.isUsable(named: "frequency-2GHz"))
    }

    @Test func whatSomebodyElseSetsInUseIsLeftToThem() throws {
        let tree = try PowerTree()
        let control = try tree.control("package: 20 W", "frequency: 2 GHz, package: 30 W")
        try tree.tree.write("33000000\n", to: PowerTree.package)
        let error = try #require(throws: MachineError.self) { try control.apply(named: "package-20W") }
        #expect(error.code == .held)
        #expect(error.message.contains("33000000"))
        #expect(tree.value(PowerTree.package) == "33000000")
        // It needs the same knob.
        #expect(!control.isUsable(named: control.settings[1].name))
        control.restore()
        #expect(tree.value(PowerTree.package) == "33000000")
    }
}
