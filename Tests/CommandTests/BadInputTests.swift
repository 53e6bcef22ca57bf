import Foundation
import Testing

/// Bad input gets one clear error that says what, where and what to do, and an exit status that is not 0.
@Suite(.serialized, .enabled(if: Installed.isComplete, Installed.missing))
struct BadInputTests {
    private func expectError(
        _ arguments: [String], environment: [String: String] = [:], says words: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let run = try HeedProcess.run(arguments, environment: environment)
        #expect(run.status != 0, sourceLocation: sourceLocation)
        for word in words {
            #expect(run.errors.contains(word), "\(run.errors)", sourceLocation: sourceLocation)
        }
    }

    @Test func aMissingRecordingIsNamed() throws {
        try expectError(["replay", "/nowhere/stream.mkv"], says: ["/nowhere/stream.mkv"])
    }

    @Test func anEmptyFileIsNotAVideo() throws {
        let scratch = try ScratchFolder()
        try expectError(["replay", try scratch.write("", to: "empty.mkv")], says: ["empty.mkv", "empty"])
    }

    @Test func aTextFileIsNotAVideo() throws {
        let scratch = try ScratchFolder()
        let text = try scratch.write(String(repeating: "not a video\n", count: 50), to: "notes.mkv")
        try expectError(["replay", text], says: ["notes.mkv"])
    }

    @Test func aTruncatedVideoIsRecognisedUpToItsEndAndThenNamed() throws {
        let scratch = try ScratchFolder()
        let whole = try Data(contentsOf: URL(fileURLWithPath: Installed.demo))
        let cut = scratch.path("cut.mkv")
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: cut))
        let results = scratch.path("r.jsonl")
        let run = try HeedProcess.run([
            "replay", cut, "--pace", "fast", "--profile", TestProfile.path, "--results", results,
        ])
        #expect(run.status != 0)
        #expect(run.errors.contains("cut.mkv"))
        #expect(try String(contentsOfFile: results, encoding: .utf8).split(separator: "\n").count > 50)
    }

    @Test func aCorruptPictureAmongGoodOnesFailsAloneAndTheRestGoOn() throws {
        let scratch = try ScratchFolder()
        let picture = try Self.demoPicture()
        for name in ["a.jpg", "c.jpg"] { try picture.write(to: URL(fileURLWithPath: scratch.path(name))) }
        try picture.prefix(picture.count / 2).write(to: URL(fileURLWithPath: scratch.path("b.jpg")))
        let results = scratch.path("r.jsonl")
        let run = try HeedProcess.run([
            "replay", scratch.path, "--pace", "fast", "--deadline", "2s", "--results", results,
        ])
        #expect(run.status == 0, "\(run.errors)")
        let outcomes = try String(contentsOfFile: results, encoding: .utf8).split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }.map { $0?["outcome"] as? String }
        #expect(outcomes == ["met", "failed", "met"])
    }

    @Test func aLabelFileWithWrongColumnsNamesItsLine() throws {
        let scratch = try ScratchFolder()
        try Self.demoPicture().write(to: URL(fileURLWithPath: scratch.path("a.jpg")))
        try scratch.write("file\tclass\tname\na.jpg\tseven\ttench\n", to: "labels.tsv")
        try expectError(["replay", scratch.path], says: ["labels.tsv:2"])
    }

    @Test func aBundleWithAChangedByteIsRefusedAndVerifyFindsIt() throws {
        let scratch = try ScratchFolder()
        let data = try Self.copyOfData(in: scratch)
        let graph = "\(data)/heed/models/efficientnet-lite0-int8/model.onnx"
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: graph))
        try handle.seek(toOffset: 100_000)
        let byte = try #require(try handle.read(upToCount: 1)).first ?? 0
        try handle.seek(toOffset: 100_000)
        try handle.write(contentsOf: Data([byte ^ 1]))
        try handle.close()
        let environment = ["XDG_DATA_HOME": data]
        try expectError(
            ["models", "verify"], environment: environment, says: ["efficientnet-lite0-int8", "model.onnx"])
        try expectError(
            ["replay", Installed.demo, "--recognizer", "efficientnet-lite0-int8"], environment: environment,
            says: ["efficientnet-lite0-int8", "model.onnx", "heed models build"])
    }

    @Test func aBundleOfOtherShapesIsRefused() throws {
        let scratch = try ScratchFolder()
        let data = try Self.copyOfData(in: scratch)
        let manifest = "\(data)/heed/models/efficientnet-lite0-int8/model.json"
        let text = try String(contentsOfFile: manifest, encoding: .utf8).replacingOccurrences(of: "224", with: "192")
        try text.write(toFile: manifest, atomically: true, encoding: .utf8)
        try expectError(
            ["replay", Installed.demo, "--recognizer", "efficientnet-lite0-int8"],
            environment: ["XDG_DATA_HOME": data], says: ["efficientnet-lite0-int8", "192", "224"])
    }

    @Test func aMissingInferenceEngineSaysWhereItWasLookedFor() throws {
        try expectError(
            ["replay", Installed.demo], environment: ["HEED_ONNXRUNTIME": "/nowhere/libonnxruntime.so"],
            says: ["/nowhere/libonnxruntime.so"])
    }

    @Test func anUnknownPolicySuggestsTheNearest() throws {
        try expectError(["replay", Installed.demo, "--policy", "alerd"], says: ["alerd", "alert"])
    }

    @Test(arguments: ["0", "0ms", "-5ms", "soon"])
    func aDeadlineThatIsNoneIsRefused(deadline: String) throws {
        try expectError(["replay", Installed.demo, "--deadline=\(deadline)"], says: ["deadline"])
    }

    @Test func anUnknownRecognizerListsTheInstalledOnes() throws {
        try expectError(
            ["replay", Installed.demo, "--recognizer", "efficientnet-lite9-fp32"],
            says: ["efficientnet-lite9-fp32", "did you mean", "efficientnet-lite2-fp32"])
    }

    @Test func aSinkThatLostEverythingIsAnError() throws {
        let scratch = try ScratchFolder()
        let pipeline = try scratch.write("sinks:\n  - jsonl: { path: /dev/full }\n", to: "p.yaml")
        let demo = try ShortDemo()
        try expectError(
            ["replay", demo.path, "--pace", "fast", "--profile", TestProfile.path, "--pipeline", pipeline],
            says: ["Error: sink jsonl: nothing arrived; all 90 were lost"])
    }

    @Test func aProfileInAFolderThatIsNotThereIsRefusedBeforeTheWork() throws {
        let scratch = try ScratchFolder()
        let folder = scratch.path("profles")
        try expectError(
            ["profile", "--profile", folder + "/p.json"], says: [folder, "there is no such folder", "--profile"])
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test func aFullDiskUnderTheResultsIsNamed() throws {
        try expectError(
            ["replay", Installed.demo, "--pace", "fast", "--profile", TestProfile.path, "--results", "/dev/full"],
            says: ["/dev/full", "No space left on device", "none of the results"])
    }

    @Test(arguments: [
        ["doctor"], ["doctor", "--json"], ["models"], ["devices"], ["power"], ["energy", "--once"],
        ["check", "pipelines/frames.yaml"], ["bench", "--simulated", "--samples", "20", "--policies", "fastest"],
        ["replay", Installed.demo, "--stream", "frames", "--pace", "simulated", "--profile", TestProfile.path],
    ])
    func aFullDiskUnderStandardOutputIsToldInOneLine(arguments: [String]) throws {
        let scratch = try ScratchFolder()
        let demo = try ShortDemo()
        let arguments = arguments.map { $0 == Installed.demo ? demo.path : $0 }
        let output = arguments[0] == "bench" ? ["--output", scratch.path("bench")] : []
        let run = try HeedProcess.run(arguments + output, outputTo: "/dev/full")
        #expect(run.status == 1)
        let errors = run.errors.split(separator: "\n").filter { $0.hasPrefix("Error: ") }
        let reason = "standard output: No space left on device; the text could not be written there"
        #expect(errors == ["Error: \(reason)"], "\(run.errors)")
    }

    @Test func whatWasRecognisedBeforeTheDiskFilledUpIsThereInWholeLines() throws {
        let scratch = try ScratchFolder()
        let disk = scratch.path("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
        guard getuid() == 0, try runTool("mount", ["-t", "tmpfs", "-o", "size=32k", "tmpfs", disk]) == 0 else {
            print("SKIPPED: a full disk needs the right to mount a small one")
            return
        }
        defer { _ = try? runTool("umount", [disk]) }
        let run = try HeedProcess.run(
            [
                "replay", Installed.demo, "--pace", "fast", "--deadline", "2s", "--profile", TestProfile.path,
                "--results", "\(disk)/r.jsonl",
            ])
        #expect(run.status != 0)
        #expect(run.errors.contains("No space left on device"), "\(run.errors)")
        let lines = try String(contentsOfFile: "\(disk)/r.jsonl", encoding: .utf8).split(separator: "\n")
        #expect(lines.count > 5)
        for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }

    @Test func resultsThatWouldOverwriteTheRecordingAreRefused() throws {
        let scratch = try ScratchFolder()
        let copy = scratch.path("copy.mkv")
        try FileManager.default.copyItem(atPath: Installed.demo, toPath: copy)
        let link = scratch.path("link.mkv")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: copy)
        let size = try FileManager.default.attributesOfItem(atPath: copy)[.size] as? Int
        for option in ["--results", "--summary"] {
            try expectError(["replay", copy, option, link], says: ["link.mkv", "overwrite", "copy.mkv"])
        }
        #expect(try FileManager.default.attributesOfItem(atPath: copy)[.size] as? Int == size)
        let both = scratch.path("both.json")
        try expectError(["replay", copy, "--results", both, "--summary", both], says: ["both.json"])
    }

    @Test func aSummaryGoesIntoAPipeAndLeavesItAPipe() throws {
        let scratch = try ScratchFolder()
        let pipe = scratch.path("pipe")
        #expect(try runTool("mkfifo", [pipe]) == 0)
        let reader = Process()
        reader.executableURL = URL(fileURLWithPath: "/bin/cat")
        reader.arguments = [pipe]
        let output = Pipe()
        reader.standardOutput = output
        try reader.run()
        let demo = try ShortDemo()
        let run = try HeedProcess.run(
            ["replay", demo.path, "--pace", "fast", "--profile", TestProfile.path, "--summary", pipe])
        #expect(run.status == 0, "\(run.errors)")
        let data = output.fileHandleForReading.readDataToEndOfFile()
        #expect(try JSONSerialization.jsonObject(with: data) is [String: Any])
    }

    @Test func aSummaryThatCannotBeWrittenIsRefusedBeforeTheWork() throws {
        let path = try ScratchFolder().path("missing/s.json")
        try expectError(["replay", Installed.demo, "--summary", path], says: [path, "No such file"])
    }

    @Test func aProfileOfAnotherMachineIsRefusedUnlessToldOtherwise() throws {
        let scratch = try ScratchFolder()
        let demo = try ShortDemo()
        let profile = scratch.path("profile.json")
        let arguments = [
            "replay", demo.path, "--pace", "fast", "--deadline", "2s", "--profile", profile,
            "--recognizer", "efficientnet-lite0-int8",
        ]
        #expect(try HeedProcess.run(arguments).status == 0)
        var keys = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: profile))) as? [String: Any])
        var machine = try #require(keys["machine"] as? [String: String])
        machine["cpu"] = "Another Processor 9000"
        keys["machine"] = machine
        try JSONSerialization.data(withJSONObject: keys).write(to: URL(fileURLWithPath: profile))
        try expectError(
            arguments, says: ["profile.json", "Another Processor 9000", "heed profile", "--accept-profile"])
        #expect(try HeedProcess.run(arguments + ["--accept-profile"]).status == 0)
    }

    /// The first picture of the demo recording, as ffmpeg takes it out.
    private static func demoPicture() throws -> Data {
        let scratch = try ScratchFolder()
        let path = scratch.path("picture.jpg")
        let status = try runTool(
            "ffmpeg", ["-v", "error", "-i", Installed.demo, "-frames:v", "1", "-c:v", "copy", "-f", "mjpeg", path])
        #expect(status == 0)
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    /// A data folder whose bundles are copies, free to be spoiled.
    static func copyOfData(in scratch: ScratchFolder) throws -> String {
        let folder = scratch.path("data/heed")
        try FileManager.default.createDirectory(atPath: folder + "/models", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/lib", withDestinationPath: Installed.folder + "/lib")
        try FileManager.default.copyItem(
            atPath: Installed.folder + "/models/efficientnet-lite0-int8",
            toPath: folder + "/models/efficientnet-lite0-int8")
        return scratch.path("data")
    }
}
