import Foundation
import InMemoryLogging
import Logging
import Pipelines
import Testing

@testable import Dashboard

/// What a viewer gets of a run, over real sockets.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct ServedPageTests {
    @Test func `The page and its files are served with a strict policy, and nothing else`() async throws {
        try await ServedRun.with { run in
            for (path, type) in [("/", "text/html"), ("/page.css", "text/css"), ("/page.js", "text/javascript")] {
                let client = try RawClient(port: run.port)
                client.get(path)
                let answer = client.answer()
                #expect(answer.status == 200, "\(path)")
                #expect(answer.head.lowercased().contains("content-type: \(type)"), "\(path)")
                #expect(answer.head.lowercased().contains("content-security-policy: default-src 'self'"), "\(path)")
                #expect(!answer.body.isEmpty, "\(path)")
            }
            let client = try RawClient(port: run.port)
            client.get("/../../etc/passwd")
            let answer = client.answer()
            #expect(answer.status == 404 || answer.status == 400)
            #expect(answer.body.contains("\"error\""))
        }
    }

    @Test func `All files together weigh no more than 150 kB`() {
        #expect(PageFile.all.reduce(0) { $0 + $1.bytes.count } <= 150_000)
    }

    @Test func `Results arrive as events, each a line of the results file`() async throws {
        try await ServedRun.with { run in
            let client = try RawClient(port: run.port)
            client.get("/api/events")
            let text = client.receive { $0.components(separatedBy: "event: result").count > 20 }.text
            #expect(
                text.contains("content-type: text/event-stream") || text.contains("Content-Type: text/event-stream"))
            let lines = text.split(separator: "\n").filter { $0.hasPrefix("data: {\"stream\"") }
            let first = try #require(lines.first)
            let result = try JSONSerialization.jsonObject(with: Data(first.dropFirst(6).utf8)) as? [String: Any]
            #expect(result?["outcome"] as? String == "met")
            #expect(result?["candidate"] as? String == ServedRun.names[1])
        }
    }

    @Test func `A viewer that comes back gets what it missed, and nothing twice`() async throws {
        try await ServedRun.with { run in
            func ids(_ text: String) -> [Int] {
                text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.compactMap { Int($0.dropFirst(4)) }
            }
            let first = try RawClient(port: run.port)
            first.get("/api/events")
            let seen = ids(first.receive { $0.components(separatedBy: "\nid: ").count > 10 }.text)
            let last = try #require(seen.last)
            let second = try RawClient(port: run.port)
            second.get("/api/events", "Last-Event-ID: \(last)")
            let then = ids(second.receive { $0.components(separatedBy: "\nid: ").count > 3 }.text)
            #expect(then.first == last + 1)
            #expect(zip(then, then.dropFirst()).allSatisfy { $1 == $0 + 1 })
        }
    }

    @Test func `A changed deadline changes the choices, and the state says who changed it`() async throws {
        try await ServedRun.with { run in
            let viewer = try RawClient(port: run.port)
            viewer.get("/api/events")
            _ = viewer.receive { $0.contains(ServedRun.names[1]) }
            let client = try RawClient(port: run.port)
            client.post("/api/goals", #"{"stream":"frames","deadline_ms":100}"#)
            #expect(client.answer().status == 200)
            let text = viewer.receive { $0.contains(#""candidate":"quick@cpu-1t""#) }.text
            #expect(text.contains(#""deadline_ms":100.0"#))
            #expect(text.contains("event: state"))
            let changes = try #require(try run.state()["changes"] as? [[String: String]])
            #expect(changes.last?["who"] == "127.0.0.1")
            #expect(changes.last?["what"] == "frames: deadline 1000 ms → 100 ms")
        }
    }

    @Test func `The log says who changed what, and who was refused, each once`() async throws {
        let log = InMemoryLogHandler()
        try await BlockingExecutor.run {
            let run = try ServedRun(logger: Logger(label: "test") { _ in log })
            defer { run.end() }
            let client = try RawClient(port: run.port)
            client.post("/api/goals", #"{"deadline_ms":100}"#)
            #expect(client.answer().status == 200)
            for _ in 0..<3 {
                client.get("/api/state", host: "evil.example")
                #expect(client.answer().status == 421)
            }
        }
        let said = log.entries.filter { $0.level == .notice }
        #expect(said.first?.message == "frames: deadline 1000 ms → 100 ms (by 127.0.0.1)")
        #expect(said.first?.metadata["who"] == "127.0.0.1")
        #expect(said.count == 2)
        #expect(said.last?.metadata["status"] == .stringConvertible(421))
    }

    @Test func `A changed policy chooses from then on`() async throws {
        try await ServedRun.with { run in
            let client = try RawClient(port: run.port)
            client.post("/api/goals", #"{"policy":"fastest"}"#)
            #expect(client.answer().status == 200)
            #expect(run.controls.policy == "fastest")
            let viewer = try RawClient(port: run.port)
            viewer.get("/api/events")
            let text = viewer.receive { $0.contains(#""candidate":"quick@cpu-1t""#) }.text
            #expect(text.contains(#""candidate":"quick@cpu-1t""#))
        }
    }

    @Test(arguments: [
        (#"{"deadline_ms":-5}"#, "deadline_ms: expected a number"),
        (#"{"deadline_ms":"soon"}"#, "deadline_ms: expected a number"),
        (#"{"dedline_ms":50}"#, "did you mean `deadline_ms`?"),
        (#"{"minimize":"energy"}"#, "minimising energy needs the least accuracy"),
        (#"{"policy":"alrt"}"#, "did you mean `alert`?"),
        (#"{"stream":"speech"}"#, "stream: expected frames"),
        (#"{"max_energy_j":true}"#, "max_energy_j: expected a number"),
        ("[1]", "no JSON object"),
        ("", "no JSON object"),
    ])
    func `A goal that cannot be is refused in plain words, and changes nothing`(body: String, words: String)
        async throws
    {
        try await ServedRun.with { run in
            let before = run.controls.goal
            let client = try RawClient(port: run.port)
            client.post("/api/goals", body)
            let answer = client.answer()
            #expect(answer.status == 400)
            #expect(answer.body.contains(words), "\(answer.body)")
            #expect(run.controls.goal == before)
        }
    }

    @Test func `Feedback goes to a policy that learns from it, and is refused by others`() async throws {
        try await ServedRun.with { run in
            #expect(try run.goesOn())
            let client = try RawClient(port: run.port)
            client.post("/api/feedback", #"{"good":true}"#)
            let answer = client.answer()
            #expect(answer.status == 400)
            #expect(answer.body.contains("does not learn from feedback"))
        }
        try await ServedRun.with(policy: "bandit") { run in
            #expect(try run.goesOn())
            let client = try RawClient(port: run.port)
            client.post("/api/feedback", #"{"good":false}"#)
            #expect(client.answer().status == 200)
        }
    }

    @Test func `Metrics count every sample once`() async throws {
        try await ServedRun.with { run in
            #expect(try run.goesOn())
            let client = try RawClient(port: run.port)
            client.get("/metrics")
            let text = client.answer().body
            #expect(text.contains("# TYPE heed_latency_seconds histogram"))
            #expect(text.contains(#"heed_queue_capacity{stream="frames"} 4"#))
            let met = text.split(separator: "\n").first {
                $0.hasPrefix(#"heed_samples_total{stream="frames",outcome="met"}"#)
            }
            #expect(met.flatMap { Int($0.split(separator: " ").last ?? "") } ?? 0 > 0)
        }
    }

    @Test func `Ten viewers all get the results`() async throws {
        try await ServedRun.with { run in
            let viewers = try (0..<10).map { _ in try RawClient(port: run.port) }
            for viewer in viewers { viewer.get("/api/events") }
            for viewer in viewers {
                let text = viewer.receive { $0.components(separatedBy: "event: result").count > 50 }.text
                #expect(text.components(separatedBy: "event: result").count > 50)
            }
        }
    }
}
