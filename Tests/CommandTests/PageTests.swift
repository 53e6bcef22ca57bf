import Foundation
import FoundationNetworking
import Glibc
import Testing

@testable import heed

/// `--page` and `heed feedback`, as a user has them.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: Installed.isComplete, Installed.missing))
struct PageTests {
    /// A replay with a page that is at work.
    private final class Replay {
        let url: URL
        let process = Process()
        private let scratch: ScratchFolder

        init(_ arguments: [String]) throws {
            scratch = try ScratchFolder()
            let errors = scratch.path("errors")
            _ = FileManager.default.createFile(atPath: errors, contents: nil)
            process.executableURL = URL(fileURLWithPath: HeedProcess.executable)
            process.arguments =
                ["replay", Installed.demo, "--stream", "frames", "--profile", TestProfile.path] + arguments
                + ["--page", "127.0.0.1:0"]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
            try process.run()
            var found: URL?
            while found == nil, process.isRunning {
                usleep(20_000)
                let text = try String(contentsOfFile: errors, encoding: .utf8)
                found = text.split(separator: "\n").first { $0.hasPrefix("page: ") }
                    .flatMap { URL(string: String($0.dropFirst(6))) }
            }
            url = try #require(found, "heed ended before it served a page")
        }

        deinit {
            if process.isRunning { process.terminate() }
            process.waitUntilExit()
        }

        /// Waits until the state is as wanted.
        func state(_ isWanted: ([String: Any]) -> Bool) throws -> [String: Any] {
            while process.isRunning {
                let data = try Data(contentsOf: url.appendingPathComponent("api/state"))
                let state = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
                if isWanted(state) { return state }
                usleep(50_000)
            }
            throw CancellationError()
        }

        var address: String { "\(url.host ?? ""):\(url.port ?? 0)" }
    }

    @Test func `A replay's page shows it, takes feedback for the bandit, and stays until it is stopped`() throws {
        let replay = try Replay([
            "--policy", "bandit", "--learned", "none", "--rate", "60", "--deadline", "200ms", "--page-stay",
        ])
        let state = try replay.state { ($0["streams"] as? [Any])?.isEmpty == false }
        #expect(state["pace"] as? String == "realtime")
        var judged = try HeedProcess.run(["feedback", "good", "--page", replay.address])
        while judged.errors.contains("there is no answer yet") {
            judged = try HeedProcess.run(["feedback", "good", "--page", replay.address])
        }
        #expect(judged.status == 0, "\(judged.errors)")
        let ended = try replay.state { $0["ended"] as? Bool == true }
        let changes = try #require(ended["changes"] as? [[String: String]])
        #expect(changes.contains { $0["what"]?.hasSuffix("was good") == true })
        // Later than its last act: it is to wait by then.
        sleep(1)
        #expect(replay.process.isRunning)
        replay.process.terminate()
        replay.process.waitUntilExit()
        #expect(replay.process.terminationStatus == 0)
    }

    @Test func `Feedback goes over TLS to a page whose certificate is trusted`() throws {
        let scratch = try ScratchFolder()
        let (certificate, key) = (scratch.path("certificate.pem"), scratch.path("key.pem"))
        let status = try runTool(
            "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-batch",
                "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ])
        try #require(status == 0)
        let replay = try Replay([
            "--policy", "bandit", "--learned", "none", "--rate", "60", "--deadline", "200ms", "--page-stay",
            "--page-certificate", certificate, "--page-key", key,
        ])
        #expect(replay.url.scheme == "https")
        let stranger = try HeedProcess.run(["feedback", "good", "--page", "https://\(replay.address)"])
        #expect(stranger.status == 1)
        #expect(stranger.errors.contains("--certificate"), "\(stranger.errors)")
        let plain = try HeedProcess.run(["feedback", "good", "--page", replay.address])
        #expect(plain.errors.contains("https://"), "\(plain.errors)")
        func judge() throws -> HeedProcess.Result {
            try HeedProcess.run([
                "feedback", "good", "--page", "https://\(replay.address)/", "--certificate", certificate,
            ])
        }
        var judged = try judge()
        while judged.errors.contains("there is no answer yet") || judged.errors.contains("has not begun") {
            judged = try judge()
        }
        #expect(judged.status == 0, "\(judged.errors)")
    }

    @Test func `What the page says of its keys is said of the command's options`() {
        #expect(
            FeedbackCommand.asOption("stream: is missing; say frames or speech")
                == "--stream: is missing; say frames or speech")
        #expect(FeedbackCommand.asOption("frames: there is no answer yet") == "frames: there is no answer yet")
    }

    @Test func `A port in use is one clear error before anything is loaded`() throws {
        let replay = try Replay(["--rate", "5"])
        let other = try HeedProcess.run(["replay", Installed.demo, "--page", replay.address])
        #expect(other.status == 1)
        #expect(other.errors.contains("the port is in use"))
        #expect(!other.errors.contains("mjpeg in matroska"))
    }

    @Test func `Feedback without a page to go to says so`() throws {
        let result = try HeedProcess.run(["feedback", "bad", "--page", "127.0.0.1:1"])
        #expect(result.status == 1)
        #expect(result.errors.contains("no page answers there"))
    }

    @Test(arguments: [["--page", "demo.mkv:x"], ["--page=de mo"], ["--page-stay"]])
    func `What is no address, or goes with a page alone, is refused`(arguments: [String]) throws {
        let result = try HeedProcess.run(["replay", Installed.demo] + arguments)
        #expect(result.status != 0)
        #expect(result.errors.contains("--page") && !result.errors.contains("mjpeg in matroska"))
    }
}
