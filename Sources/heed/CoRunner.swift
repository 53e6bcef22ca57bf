import Foundation
import Machine
import Pipelines

/// A `heed stress` beside this process: keeps every core busy until it is ended, or this process ends.
final class CoRunner {
    /// What it does.
    let load: CoRunnerLoad
    private let process = Process()

    /// Starts it; blocks until it is at work. The calling thread must live as long as it shall.
    ///
    /// - Throws: `PipelinesError` of code `setUpFailed`.
    init(_ load: CoRunnerLoad) throws {
        self.load = load
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [
            "stress", load.kind.rawValue, "--share", "\(load.share)", "--for", "\(24 * 60)min", "--parent",
            "\(getpid())",
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        do {
            try process.run()
        } catch {
            throw PipelinesError(
                .setUpFailed, "the co-runner cannot be started: \(error.localizedDescription)", cause: error)
        }
        // What it does is said once it does it.
        guard !output.fileHandleForReading.availableData.isEmpty else {
            process.waitUntilExit()
            throw PipelinesError(
                .setUpFailed, "the co-runner (heed stress \(load.kind.rawValue)) ended at once; its message is above")
        }
    }

    deinit { end() }

    /// Whether it is still at work.
    var isRunning: Bool { process.isRunning }

    /// Ends it; blocks until it is gone.
    func end() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }
}
