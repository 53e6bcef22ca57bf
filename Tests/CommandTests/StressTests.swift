import Foundation
import Testing

@Suite struct StressTests {
    @Test func aCoRunnerSaysWhatItDoesAndEndsAfterItsTime() throws {
        let compute = try HeedProcess.run(["stress", "compute", "--share", "0.2", "--for", "50ms"])
        #expect(compute.status == 0, "\(compute.errors)")
        #expect(compute.output.contains("computing on core"))
        #expect(compute.output.contains("20 % of each, for 50 ms"))
        let memory = try HeedProcess.run(["stress", "memory", "--cores", "0", "--for", "50ms"])
        #expect(memory.output.contains("MiB on core 0, 100 % of each"))
    }

    @Test(arguments: [
        (["--share", "0"], "--share 0.0: expected a share above 0 to 1"),
        (["--cores", "0,0"], "each once, such as 0,1"), (["--cores", "4096"], "core 4096 may not be used here"),
    ]) func badOptionsAreOneClearError(options: [String], message: String) throws {
        let run = try HeedProcess.run(["stress", "compute", "--for", "50ms"] + options)
        #expect(run.status != 0)
        #expect(run.errors.contains(message), "\(run.errors)")
    }

    @Test func aCoRunnerEndsWithTheProgramThatStartedIt() throws {
        let parent = Process()
        let output = Pipe()
        parent.executableURL = URL(fileURLWithPath: "/bin/sh")
        parent.arguments = [
            "-c", "\"$0\" stress compute --share 0.1 --parent $$ & echo $!; wait", HeedProcess.executable,
        ]
        parent.standardOutput = output
        try parent.run()
        var text = ""
        while !text.contains("computing") {
            let data = output.fileHandleForReading.availableData
            try #require(!data.isEmpty, "the co-runner ended by itself: \(text)")
            text += String(decoding: data, as: UTF8.self)
        }
        let child = try #require(text.split(separator: "\n").first)
        #expect(isAlive(child))
        kill(parent.processIdentifier, SIGKILL)
        parent.waitUntilExit()
        // Ten seconds at most, on a machine however busy.
        for _ in 0..<1000 where isAlive(child) { Thread.sleep(forTimeInterval: 0.01) }
        #expect(!isAlive(child))
    }

    @Test func aCoRunnerWhoseParentIsGoneDoesNothing() throws {
        let run = try HeedProcess.run(["stress", "compute", "--parent", "1"])
        #expect(run.status == 0)
        #expect(run.output.isEmpty)
    }

    /// Whether a process is there and has not ended; one that nobody waited for yet has.
    private func isAlive(_ process: some StringProtocol) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return status.split(separator: ")").last?.split(separator: " ").first != "Z"
    }
}
