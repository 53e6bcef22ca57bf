import Foundation
import Testing

/// `heed doctor`, on this machine and on copies of the folders in which a kernel describes one.
struct DoctorTests {
    private let copy: ScratchFolder

    init() throws { copy = try ScratchFolder() }

    private func write(_ files: [String: String]) throws {
        for (path, text) in files {
            let file = URL(fileURLWithPath: copy.path(path))
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }

    /// A laptop on battery with one readable package and a card without a driver.
    private func addLaptop() throws {
        try write([
            "proc/cpuinfo": "vendor_id : GenuineIntel\nmodel name : Core Nine\nflags : avx2 fma avx_vnni\n",
            "proc/meminfo": "MemTotal:       16000000 kB\n", "proc/sys/kernel/osrelease": "6.12.1\n",
            "proc/self/status": "Cpus_allowed:\t3f\n",
            "proc/self/cgroup": "0::/user\n",
            "proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
            "sys/fs/cgroup/user/cpu.max": "150000 100000\n",
            "sys/class/powercap/intel-rapl:0/name": "package-0\n",
            "sys/class/powercap/intel-rapl:0/energy_uj": "1000\n",
            "sys/class/powercap/intel-rapl:0/max_energy_range_uj": "262143328850\n",
            "sys/class/power_supply/BAT0/type": "Battery\n", "sys/class/power_supply/BAT0/status": "Full\n",
            "sys/bus/pci/devices/0000:01:00.0/class": "0x030000\n",
            "sys/bus/pci/devices/0000:01:00.0/vendor": "0x10de\n",
        ])
    }

    /// The findings by section and name.
    private func findings(
        _ options: [String], environment: [String: String] = [:]
    ) throws -> (status: Int32, works: Bool, states: [String: (state: String, remedy: String?)]) {
        let run = try HeedProcess.run(["doctor", "--json"] + options, environment: environment)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        var states: [String: (String, String?)] = [:]
        for section in try #require(document["sections"] as? [[String: Any]]) {
            let title = try #require(section["title"] as? String)
            for finding in try #require(section["findings"] as? [[String: Any]]) {
                let name = try #require(finding["name"] as? String)
                states["\(title): \(name)"] = (try #require(finding["state"] as? String), finding["remedy"] as? String)
            }
        }
        return (run.status, try #require(document["works"] as? Bool), states)
    }

    @Test func withoutTheEngineAndModelsTheDoctorSaysHowToGetThemAndFails() throws {
        let environment = ["XDG_DATA_HOME": copy.path("none"), "HEED_ONNXRUNTIME": copy.path("no.so")]
        let run = try HeedProcess.run(["doctor"], environment: environment)
        #expect(run.status == 1)
        #expect(run.output.contains("✗ ONNX Runtime"))
        #expect(run.output.contains("`heed models build`"))
        #expect(run.output.hasSuffix("heed cannot work here yet: see what is marked with ✗.\n"))
        let found = try findings([], environment: environment)
        #expect(found.status == 1 && !found.works)
        #expect(found.states["inference: ONNX Runtime"]?.state == "missing")
        #expect(found.states["models: recognisers"]?.state == "missing")
        #expect(found.states["models: profile"]?.state == "absent")
    }

    @Test(.enabled(if: Installed.isComplete, Installed.missing))
    func thisMachineIsDescribedAndHeedCanWork() throws {
        let run = try HeedProcess.run(["doctor"])
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
        let titles = [
            "MACHINE", "INFERENCE", "GRAPHICS", "ENERGY METERS", "POWER SETTINGS", "PERMISSIONS", "DEVICES", "MODELS",
        ]
        for title in titles {
            #expect(run.output.contains("\(title)\n\n"))
        }
        #expect(run.output.contains("✓ ONNX Runtime"))
        #expect(run.output.hasSuffix("heed can work here.\n"))
        // A pipe gets no colour, and lines fit a terminal except for commands, which stay whole.
        #expect(!run.output.contains("\u{1B}"))
        for line in run.output.split(separator: "\n") where !line.contains("`") && !line.contains("/") {
            #expect(line.count <= 80)
        }
    }

    @Test func aCopiedMachineIsDescribedByItsFiles() throws {
        try addLaptop()
        let states = try findings(["--root", copy.path]).states
        for (name, state) in [
            "machine: AVX2": "present", "machine: VNNI": "present", "machine: AVX-512": "absent",
            "machine: AMX": "absent", "graphics: GPU": "missing", "energy meters: rapl": "present",
            "energy meters: battery": "missing", "energy meters: hwmon": "absent",
            "energy meters: heed takes": "present",
        ] {
            #expect(states[name]?.state == state, "\(name)")
        }
        #expect(states["graphics: GPU"]?.remedy?.contains("`lspci -k -s 0000:01:00.0`") == true)
        #expect(states["energy meters: battery"]?.remedy == "Unplug the charger to measure with it.")
        // Lines are wrapped for a terminal.
        let text = try HeedProcess.run(["doctor", "--root", copy.path]).output.split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        #expect(text.contains("Core Nine, 6 cores for heed, of which a control group leaves 1.50"))
        #expect(text.contains("measures the processor by package-0"))
    }

    @Test func theMetersOfAMachineAreWatched() throws {
        try addLaptop()
        let run = try HeedProcess.run(["energy", "--once", "--root", copy.path])
        #expect(run.status == 0)
        #expect(run.errors.contains("rapl: package-0\n"))
        #expect(run.errors.contains("no battery: the machine is on mains"))
        let lines = run.output.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
        #expect(lines.count == 3)
        #expect(lines[0].suffix(4) == ["now", "in", "all", "covers"])
        // Nobody moves the copied counter.
        #expect(lines[1] == ["rapl", "*", "0.00", "W", "0.0", "J", "processor"])
        #expect(lines[2].first == "estimated" && lines[2].suffix(2) == ["a", "model"])
    }

    @Test func programsGetALineASecond() throws {
        let run = try HeedProcess.run(["energy", "--json", "--duration", "1100ms", "--root", copy.path])
        #expect(run.status == 0)
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 2)
        for line in lines {
            let row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let meters = try #require(row["meters"] as? [[String: Any]])
            #expect(meters.map { $0["source"] as? String } == ["estimated"])
            #expect(meters.first?["chosen"] as? Bool == true)
            // About the waiting machine's 5 W, for so the model has it.
            #expect((meters.first?["watts"] as? Double ?? 0) > 4)
        }
    }

    @Test func anInterruptionEndsTheWatchWithWhatWasMeasured() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: HeedProcess.executable)
        process.arguments = ["energy", "--root", copy.path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        // The first row says that signals are taken.
        let first = try output.fileHandleForReading.read(upToCount: 1)
        #expect(first != nil)
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    }
}
