import FoundationEssentials
import Glibc
import Testing
import Units

@testable import Machine

/// In a control group of the test's own, on the machine's own kernel.
struct ProcessorBandwidthTests {
    /// A process that does nothing but work.
    private final class BusyLoop {
        private(set) var process: pid_t = 0

        init() throws {
            let words: [String] = ["sh", "-c", "while :; do :; done"]
            var arguments: [UnsafeMutablePointer<CChar>?] = words.map { word in strdup(word) }
            arguments.append(nil)
            defer { for argument in arguments { free(argument) } }
            try #require(posix_spawn(&process, "/bin/sh", nil, nil, &arguments, environ) == 0)
        }

        /// Its processor time by the kernel's account, in seconds.
        func time() throws -> Double {
            let stat = try #require(KernelFiles().readIfPresent("/proc/\(process)/stat"))
            let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
            let ticks = try #require(Double(fields[11])) + #require(Double(fields[12]))
            return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
        }

        deinit {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
    }

    private static let obstacle = PowerKnobs.discover().statuses.first { $0.kind == .cpu }?.reason ?? ""

    @Test(.enabled(if: obstacle.isEmpty, "skipped: no control group can be made here: \(obstacle)"))
    func aBusyLoopGetsAboutTheShareAskedFor() throws {
        let loop = try BusyLoop()
        let knobs = PowerKnobs(files: KernelFiles(), process: loop.process)
        let tree = try PowerTree()
        // A quarter of a core, so that one loop has more work than that on any machine.
        let cores = Double(try MachineDescription.current().logicalCores)
        let setting = try PowerSetting([.cpu(percent: max(25 / cores, 1))])
        let control = PowerControl(knobs: knobs, settings: [setting], file: tree.file)
        if let reason = control.refused.first?.reason {
            // Such as a kernel that gives its processor controller to nobody.
            try Test.cancel("skipped: \(reason)")
        }
        let group = try #require(try tree.file.read()?.held.first?.group)
        try control.apply(setting)
        let before = try loop.time()
        let start = Duration.reading(CLOCK_MONOTONIC)
        usleep(1_500_000)
        let share = (try loop.time() - before) / (Duration.reading(CLOCK_MONOTONIC) - start).seconds
        #expect((0.05...0.40).contains(share), "asked for a quarter of a core, got \(share)")
        let throttled = KernelFiles().words(group + "/cpu.stat")
        let count = try #require(throttled.firstIndex(of: "nr_throttled").flatMap { Int(throttled[$0 + 1]) })
        #expect(count > 0)

        #expect(control.restore() == [])
        #expect(access(group, F_OK) != 0)
        #expect(!tree.file.exists)
    }

    @Test(.enabled(if: obstacle.isEmpty, "skipped: no control group can be made here: \(obstacle)"))
    func aGroupLeftByTheDeadIsRemoved() throws {
        let tree = try PowerTree()
        var loop: BusyLoop? = try BusyLoop()
        let process = try #require(loop?.process)
        let setting = try PowerSetting("cpu: 50%")
        let control = PowerControl(
            knobs: PowerKnobs(files: KernelFiles(), process: process), settings: [setting], file: tree.file)
        if let reason = control.refused.first?.reason { try Test.cancel("skipped: \(reason)") }
        let group = try #require(try tree.file.read()?.held.first?.group)
        #expect(KernelFiles().words(group + "/cgroup.procs") == ["\(process)"])
        loop = nil
        try OwnGroup(folder: group, enablesController: false, files: KernelFiles()).remove()
        #expect(access(group, F_OK) != 0)
        control.restore()
    }
}
