import Foundation
import Testing
import Units

@testable import Machine

/// NVIDIA's library, played by one that is compiled here: heed opens it like the real one.
struct GraphicsCardTests {
    private let tree: MachineTree

    init() throws { tree = try MachineTree() }

    /// Two cards: the second is older and counts no energy. The first's count and both's power stand in files.
    private static let source = """
        #include <stdio.h>
        #include <string.h>
        static unsigned long long number(const char *name) {
            char path[512];
            unsigned long long value = 0;
            snprintf(path, sizeof path, "%s/%s", FOLDER, name);
            FILE *file = fopen(path, "r");
            if (!file) return ~0ull;
            if (fscanf(file, "%llu", &value) != 1) value = ~0ull;
            fclose(file);
            return value;
        }
        int nvmlInit_v2(void) { return 0; }
        const char *nvmlErrorString(int result) { return result == 15 ? "GPU is lost" : "Not Supported"; }
        int nvmlDeviceGetCount_v2(unsigned *count) { *count = 2; return 0; }
        int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **card) { *card = (void *)(index + 1ul); return 0; }
        int nvmlDeviceGetName(void *card, char *text, unsigned length) {
            strncpy(text, card == (void *)1 ? "New Card" : "Old Card", length);
            return 0;
        }
        int nvmlDeviceGetTotalEnergyConsumption(void *card, unsigned long long *millijoules) {
            if (card != (void *)1) return 3;
            *millijoules = number("energy");
            return *millijoules == ~0ull ? 15 : 0;
        }
        int nvmlDeviceGetPowerUsage(void *card, unsigned *milliwatts) { *milliwatts = number("power"); return 0; }

        """

    private func library() throws -> String {
        try tree.write(Self.source, to: "/nvml.c")
        try tree.write("1000000", to: "/energy")
        try tree.write("20000", to: "/power")
        let path = tree.root + "/libnvidia-ml.so.1"
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments = [
            "clang", "-shared", "-fPIC", "-DFOLDER=\"\(tree.root)\"", tree.root + "/nvml.c", "-o", path,
        ]
        try compiler.run()
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0)
        return path
    }

    @Test func cardsCountTheirEnergyOrElseTheirPowerIsSummedUp() throws {
        let meters = tree.meters(nvml: try library())
        #expect(
            meters.statuses[1].availability == .available(.graphics, channels: ["0: New Card", "1: Old Card"]))
        let meter = try #require(try meters.meter(.nvml, model: PowerModel(idle: .zero, core: .zero)) as? SensorMeter)
        let before = meter.reading()
        try tree.write("1005000", to: "/energy")
        meter.refresh()
        let energy = meter.reading() - before
        #expect(energy[.nvml] >= Joules(5))
        #expect(energy.sources.description == "nvml+estimated")
    }

    @Test func aCardThatIsLostIsToldInTheLibrarysWords() throws {
        try tree.addPackages()
        let meter = try #require(try tree.meters(nvml: try library()).meter() as? SensorMeter)
        #expect(meter.sources.description == "rapl+nvml")
        let listener = Listener()
        meter.tell(listener.hear)
        try FileManager.default.removeItem(atPath: tree.root + "/energy")
        meter.refresh()
        #expect(
            listener.lines == ["energy: nvml 0: New Card says: GPU is lost; it is not counted while that lasts"])
        // The other card is still there.
        #expect(meter.sources.description == "rapl+nvml")
    }

    @Test func aLibraryThatIsNoneIsToldWhereThereIsACard() throws {
        try tree.write("0x10de\n", to: "/sys/bus/pci/devices/0000:01:00.0/vendor")
        try tree.write("0x030000\n", to: "/sys/bus/pci/devices/0000:01:00.0/class")
        let path = tree.root + "/libnvidia-ml.so.1"
        try tree.write("no library\n", to: "/libnvidia-ml.so.1")
        guard case .missing(let reason, let remedy)? = tree.meters(nvml: path).statuses[1].availability as Optional
        else {
            Issue.record("a text file was taken for a library")
            return
        }
        #expect(reason.hasPrefix("\(path) cannot be used: "))
        #expect(remedy?.contains("sudo apt install nvidia-driver") == true)
    }
}
