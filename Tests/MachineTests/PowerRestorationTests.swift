import FoundationEssentials
import Glibc
import Testing

@testable import Machine

struct PowerRestorationTests {
    /// A state file that a dead process left: a holder with this process's number, but started at another time.
    private func leave(
        _ held: [PowerState.Held], in tree: PowerTree, boot: String = PowerState.currentBoot
    ) throws {
        try tree.file.change { $0.held = [] }
        let state = PowerState(boot: boot, held: held)
        try tree.tree.write(
            String(decoding: try JSONEncoder().encode(state), as: UTF8.self), to: "/state/heed/power.json")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: tree.file.path)
    }

    private func held(
        _ kind: PowerKind, _ target: String, before: String, written: [String]?, alive: Bool = false
    ) throws -> PowerState.Held {
        var holder = try #require(ProcessIdentity.current())
        if !alive { holder.started += 1 }
        return PowerState.Held(
            kind: kind, holder: holder, registers: [.init(target: target, before: before, written: written)])
    }

    @Test func whatADeadHolderLeftIsPutBack() throws {
        let tree = try PowerTree()
        try tree.tree.write("20000000\n", to: PowerTree.package)
        try leave([held(.package, PowerTree.package, before: "45000000", written: ["20000000"])], in: tree)
        let lines = try tree.restoration.restore()
        #expect(lines.count == 1)
        #expect(lines.first?.contains("put back to 45000000") == true)
        #expect(tree.value(PowerTree.package) == "45000000")
        #expect(!tree.file.exists)
        #expect(try tree.restoration.restore() == [])
    }

    @Test(.enabled(if: geteuid() == 0, "only root can have another user's file"))
    func rootPutsBackWhatTheUserWhoCalledSudoLeft() throws {
        let tree = try PowerTree()
        try tree.tree.write("20000000\n", to: PowerTree.package)
        let alive = try held(.preference, "/none", before: "power", written: ["performance"], alive: true)
        let dead = try held(.package, PowerTree.package, before: "45000000", written: ["20000000"])
        try leave([dead, alive], in: tree)
        let folder = String(tree.file.path.dropLast("/power.json".count))
        for path in [folder, tree.file.path] { try #require(chown(path, 1234, 1234) == 0) }
        let error = #expect(throws: MachineError.self) { try tree.restoration.restore() }
        #expect(error?.code == .stateNotKept)
        let file = PowerStateFile(path: tree.file.path, owner: 1234)
        _ = try PowerRestoration(knobs: tree.knobs, file: file).restore()
        #expect(tree.value(PowerTree.package) == "45000000")
        // What is left in it is the user's to put back.
        let owners = try [file.path, file.path + ".lock"].map {
            try FileManager.default.attributesOfItem(atPath: $0)[.ownerAccountID] as? Int
        }
        #expect(owners == [1234, 1234])
    }

    @Test func aHolderThatRunsKeepsItsKnob() throws {
        let tree = try PowerTree()
        try tree.tree.write("20000000\n", to: PowerTree.package)
        let mine = try held(.package, PowerTree.package, before: "45000000", written: ["20000000"], alive: true)
        try leave([mine], in: tree)
        #expect(try tree.restoration.restore() == [])
        #expect(tree.value(PowerTree.package) == "20000000")
        #expect(try tree.restoration.held().first?.contains("held by") == true)
    }

    @Test func aDeadHoldersValueThatSomebodyChangedIsLeftAndSaid() throws {
        let tree = try PowerTree()
        try tree.tree.write("33000000\n", to: PowerTree.package)
        try leave([held(.package, PowerTree.package, before: "45000000", written: ["20000000"])], in: tree)
        #expect(try tree.restoration.restore().first?.contains("it is left") == true)
        #expect(tree.value(PowerTree.package) == "33000000")
    }

    @Test func deathWhileTryingIsPutBackWhateverTheValue() throws {
        let tree = try PowerTree()
        try tree.tree.write("33000000\n", to: PowerTree.package)
        try leave([held(.package, PowerTree.package, before: "45000000", written: nil)], in: tree)
        _ = try tree.restoration.restore()
        #expect(tree.value(PowerTree.package) == "45000000")
    }

    @Test func aRestartHasUndoneEverything() throws {
        let tree = try PowerTree()
        try tree.tree.write("20000000\n", to: PowerTree.package)
        try leave(
            [held(.package, PowerTree.package, before: "45000000", written: ["20000000"])], in: tree, boot: "another")
        #expect(try tree.restoration.restore() == [])
        #expect(tree.value(PowerTree.package) == "20000000")
        #expect(!tree.file.exists)
    }

    @Test(arguments: ["/etc/passwd", PowerTree.package + "/../../../../../../etc/passwd", "/sys/class/powercap/../x/y"])
    func aStateFileCannotHaveOtherFilesWritten(target: String) throws {
        let tree = try PowerTree()
        try tree.tree.write("root\n", to: "/etc/passwd")
        try tree.tree.write("root\n", to: "/sys/class/x/y")
        try FileManager.default.createDirectory(
            atPath: tree.root + PowerTree.package + ".d", withIntermediateDirectories: true)
        try leave([held(.package, target, before: "intruder", written: nil)], in: tree)
        _ = try tree.restoration.restore()
        #expect(tree.value("/etc/passwd") == "root")
        #expect(tree.value("/sys/class/x/y") == "root")
    }

    @Test func aControlGroupOfNobodysIsLeft() throws {
        let tree = try PowerTree()
        var entry = try held(.cpu, "/x", before: "-1", written: nil)
        entry.group = "/sys/fs/cgroup/cpu"
        try leave([entry], in: tree)
        #expect(try tree.restoration.restore().first?.contains("no control group of heed's") == true)
        #expect(FileManager.default.fileExists(atPath: tree.root + "/sys/fs/cgroup/cpu"))
    }

    @Test func aStateFileThatOthersCanWriteIsNotBelieved() throws {
        let tree = try PowerTree()
        try tree.tree.write("20000000\n", to: PowerTree.package)
        try leave([held(.package, PowerTree.package, before: "45000000", written: ["20000000"])], in: tree)
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: tree.file.path)
        #expect(throws: MachineError.self) { _ = try tree.restoration.restore() }
        #expect(tree.value(PowerTree.package) == "20000000")
    }

    @Test func aStateFileThatIsDamagedIsKeptAsideAndSaid() throws {
        let tree = try PowerTree()
        try tree.file.change { $0.held = [] }
        try tree.tree.write("{ \"boot\": ", to: "/state/heed/power.json")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: tree.file.path)
        let lines = try tree.restoration.restore()
        #expect(lines.count == 1)
        #expect(lines.first?.contains("power.json.damaged") == true)
        #expect(!tree.file.exists)
        #expect(FileManager.default.fileExists(atPath: tree.file.path + ".damaged"))
        #expect(try tree.restoration.restore() == [])
        #expect(try tree.control("package: 20 W").refused.isEmpty)
    }
}
