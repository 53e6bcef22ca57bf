import Foundation
import Testing

/// Runs the real `heed` executable, as a user would.
struct HeedProcess {
    /// What a run came to.
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The executable that was built beside the tests.
    static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("heed").path

    /// Runs `heed` with these arguments to its end.
    ///
    /// - Parameters:
    ///   - environment: Variables to add to this process's own.
    ///   - device: Where standard output goes instead of into the result.
    @discardableResult
    static func run(
        _ arguments: [String], environment: [String: String] = [:], outputTo device: String? = nil
    ) throws -> Result {
        let scratch = try ScratchFolder()
        let outputPath = scratch.path("output")
        let errorsPath = scratch.path("errors")
        _ = FileManager.default.createFile(atPath: outputPath, contents: nil)
        _ = FileManager.default.createFile(atPath: errorsPath, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: device ?? outputPath))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errorsPath))
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: try String(contentsOfFile: outputPath, encoding: .utf8),
            errors: try String(contentsOfFile: errorsPath, encoding: .utf8))
    }
}

/// A folder of the test's own, removed when the test lets go of it.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("heed-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
        return path(name)
    }
}

/// Runs another program to its end and gives its exit status.
func runTool(_ name: String, _ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
}

/// The first frames of the demo recording with their labels: long enough to learn from, short enough to replay often.
struct ShortDemo {
    static let frames = 90
    private let scratch: ScratchFolder
    let path: String

    init() throws {
        scratch = try ScratchFolder()
        path = scratch.path("short.mkv")
        let status = try runTool(
            "ffmpeg",
            ["-v", "error", "-i", Installed.demo, "-frames:v", "\(Self.frames)", "-c:v", "copy", "-map", "0:v", path])
        try #require(status == 0)
        try FileManager.default.copyItem(
            atPath: Installed.folder + "/recordings/demo.labels.tsv", toPath: scratch.path("short.labels.tsv"))
    }
}

/// A profile of the tests' own, measured once, so that they leave the user's alone: of the image recognisers and the
/// quickest one of speech.
enum TestProfile {
    static let path: String = {
        let path = NSTemporaryDirectory() + "heed-test-profile-\(ProcessInfo.processInfo.processIdentifier).json"
        let installed = (try? FileManager.default.contentsOfDirectory(atPath: Installed.folder + "/models")) ?? []
        let names = installed.filter { $0.hasPrefix("efficientnet") || $0 == "moonshine-tiny" }.sorted()
        _ = try? HeedProcess.run(["profile", "--profile", path] + names.flatMap { ["--recognizer", $0] })
        return path
    }()
}

/// What `make test` puts in place: bundles, the engine's library and the demo recording.
enum Installed {
    static let folder =
        (ProcessInfo.processInfo.environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 }
            ?? NSHomeDirectory() + "/.local/share") + "/heed"
    static let demo = folder + "/recordings/demo.mkv"

    /// Without these the tests of real recognition cannot run; `make test` installs them.
    static let isComplete =
        FileManager.default.fileExists(atPath: demo)
        && FileManager.default.fileExists(atPath: folder + "/models/efficientnet-lite2-int8/model.json")
    static let missing: Comment = "skipped: models and demo recording are not installed; `make test` does it"
}
