import ArgumentParser
import Foundation
import Pipelines

/// The tool that builds bundles and the demo recording: `assets/build.py`, in Python, used at set-up time only.
struct SetUpTool {
    let script: String

    /// Looks in `$HEED_ASSETS`, and in `assets/` of each folder above the executable.
    static func locate() throws -> SetUpTool {
        var places: [String] = []
        if let folder = ProcessInfo.processInfo.environment["HEED_ASSETS"] { places.append(folder) }
        var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            places.append(folder.appendingPathComponent("assets").path)
        }
        for place in places where FileManager.default.fileExists(atPath: "\(place)/build.py") {
            return SetUpTool(script: "\(place)/build.py")
        }
        throw PipelinesError(
            .setUpFailed,
            "assets/build.py is not above \(Bundle.main.executablePath ?? "heed"); "
                + "set HEED_ASSETS to the folder that holds it")
    }

    /// Runs the tool with heed's own standard output and error; throws its exit status when that is not 0.
    func run(arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script] + arguments
        do {
            try process.run()
        } catch {
            throw PipelinesError(.setUpFailed, "python3 cannot be started: \(error.localizedDescription)", cause: error)
        }
        process.waitUntilExit()
        if process.terminationStatus != 0 { throw ExitCode(process.terminationStatus) }
    }
}
