import Foundation
import Testing

/// What commands say of their work, as programs read it.
struct LogTests {
    /// The events on standard error, each of which must be an object.
    private func events(_ errors: String) throws -> [[String: Any]] {
        try errors.split(separator: "\n").map { line in
            try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "no object: \(line)")
        }
    }

    @Test func `An error at the end is an event in JSON, and a line in text`() throws {
        let scratch = try ScratchFolder()
        let missing = scratch.path("missing.mkv")
        let json = try HeedProcess.run(["replay", missing, "--log-format", "json"])
        let events = try events(json.errors)
        #expect(events.last?["level"] as? String == "error")
        #expect((events.last?["message"] as? String)?.contains("missing.mkv") == true)
        #expect((events.last?["metadata"] as? [String: Any])?["status"] as? Int == Int(json.status))
        #expect(json.status != 0)
        let text = try HeedProcess.run(["replay", missing])
        #expect(text.status == json.status)
        #expect(text.errors.contains("Error: ") && text.errors.contains("missing.mkv"))
    }

    @Test(.enabled(if: Installed.isComplete, Installed.missing))
    func `A run in JSON says nothing on standard error that is no event`() throws {
        let demo = try ShortDemo()
        let run = try HeedProcess.run([
            "replay", demo.path, "--pace", "fast", "--profile", TestProfile.path, "--log-format", "json",
            "--page", "127.0.0.1:0",
        ])
        #expect(run.status == 0, "\(run.errors)")
        let events = try events(run.errors)
        #expect(events.contains { ($0["message"] as? String)?.hasPrefix("page: http://127.0.0.1:") == true })
        for event in events {
            #expect(event["label"] as? String == "heed")
            let time = try #require(event["time"] as? String)
            #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(time)")
        }
    }

    @Test(.enabled(if: Installed.isComplete, Installed.missing))
    func `A higher level says less, a lower one lets the server speak`() throws {
        let demo = try ShortDemo()
        func errors(_ level: String) throws -> String {
            try HeedProcess.run([
                "replay", demo.path, "--pace", "fast", "--profile", TestProfile.path, "--page", "127.0.0.1:0",
                "--log-level", level,
            ]).errors
        }
        #expect(try errors("error").isEmpty)
        #expect(try errors("debug").contains("heed.page: "))
        #expect(try !errors("info").contains("heed.page: "))
    }
}
