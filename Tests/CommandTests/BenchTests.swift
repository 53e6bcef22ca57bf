import Foundation
import Testing

@Suite struct BenchTests {
    @Test func theSimulatedPlatformIsComparedWithoutAnyTraceAndItsTracesCanBeKept() throws {
        let scratch = try ScratchFolder()
        let simulated = try HeedProcess.run([
            "bench", "--simulated", "--seed", "7", "--samples", "20", "--policies", "alert,fastest", "--objective",
            "energy", "--output", scratch.path("a"), "--keep", scratch.path("traces"),
        ])
        #expect(simulated.status == 0, "\(simulated.errors)")
        #expect(simulated.output.contains("least energy for an accuracy (simulated: idle, memory, compute)"))
        #expect(!simulated.output.contains("fewest errors"))
        #expect(simulated.output.contains("of 108"))
        let traces = ["idle", "memory", "compute"].flatMap {
            ["--trace", scratch.path("traces/simulated-\($0).heedtrace")]
        }
        let played = try HeedProcess.run(
            ["bench", "--policies", "alert,fastest", "--objective", "energy", "--output", scratch.path("b")] + traces)
        #expect(played.status == 0, "\(played.errors)")
        for name in ["results.json", "report.html"] {
            #expect(
                try String(contentsOfFile: scratch.path("a/\(name)"), encoding: .utf8)
                    == String(contentsOfFile: scratch.path("b/\(name)"), encoding: .utf8))
        }
    }

    @Test(arguments: [
        (["bench"], "--simulated"), (["bench", "--simulated", "--policies", "alrt"], "did you mean `alert`?"),
        (["bench", "--trace", "/nowhere.heedtrace"], "/nowhere.heedtrace: no such file"),
        (["bench", "--simulated", "--samples", "0"], "--samples"),
        (["bench", "--simulated", "--samples", "9", "--goals", "/nowhere.json"], "/nowhere.json: no such file"),
        (["bench", "--trace", "/etc/hostname"], "is no trace"), (["bench", "--trace", "a", "--keep", "b"], "--keep"),
    ])
    func whatCannotBeComparedIsRefusedInWords(_ arguments: [String], _ words: String) throws {
        let result = try HeedProcess.run(arguments)
        #expect(result.status != 0)
        #expect(result.errors.contains(words), "\(result.errors)")
    }
}
