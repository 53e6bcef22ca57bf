import Foundation
import Logging
import Testing
import Units

@testable import Dashboard
@testable import Pipelines

/// Whoever should not be let in is not, and the run does not feel it.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct HostileViewerTests {
    @Test func `A thousand malformed requests are refused, and the run goes on`() async throws {
        try await ServedRun.with { run in
            var random = SeededGenerator(seed: 7)
            for number in 0..<1000 {
                let client = try RawClient(port: run.port)
                client.send(Self.malformed(&random))
                // What is no request gets an error, or nothing but the end.
                let text = client.receive(seconds: 1) { $0.contains("\n\n") }.text
                #expect(!text.hasPrefix("HTTP/1.1 2"), "request \(number): \(text.prefix(80))")
                #expect(!text.hasPrefix("HTTP/1.1 5"), "request \(number): \(text.prefix(80))")
            }
            #expect(try run.goesOn())
        }
    }

    /// A request with something wrong in it, ended so that nobody waits for more.
    private static func malformed(_ random: inout SeededGenerator) -> [UInt8] {
        let end = "\r\nConnection: close\r\n\r\n"
        let noise = (0..<Int(random.next() % 200 + 1)).map { _ in UInt8.random(in: 0...255, using: &random) }
        switch random.next() % 8 {
        case 0: return noise + Array("\r\n\r\n".utf8)
        case 1: return Array("GET /api/state HTTP/9.9\(end)".utf8)
        case 2: return Array("GET /api/state HTTP/1.1\(end)".utf8)
        case 3: return Array("POST /api/goals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\(end)".utf8)
        case 4: return Array("GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\nHost: 127.0.0.1\(end)".utf8)
        case 5:
            let fields = (0..<200).map { "X-\($0): 1\r\n" }.joined()
            return Array("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\(fields)\(end.dropFirst(2))".utf8)
        case 6:
            let head = "POST /api/goals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            return Array("\(head)Content-Length: \(noise.count)\(end)".utf8) + noise
        default:
            let head = "POST /api/goals HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked"
            return Array("\(head)\(end)zz\r\n".utf8) + noise
        }
    }

    @Test(arguments: ["evil.example", "evil.example:80", "192.168.0.1", "", "127.0.0.1.evil.example", "a b"])
    func `A name that points here is not enough`(host: String) async throws {
        try await ServedRun.with { run in
            let client = try RawClient(port: run.port)
            client.get("/api/state", host: host)
            let answer = client.answer()
            #expect(answer.status == 421 || answer.status == 400, "\(answer)")
            #expect(!answer.body.contains("streams"))
        }
    }

    @Test(arguments: [
        "Origin: http://evil.example", "Origin: null", "Origin: http://127.0.0.1:1", "Sec-Fetch-Site: cross-site",
    ])
    func `Other pages cannot change anything`(header: String) async throws {
        try await ServedRun.with { run in
            let before = run.controls.goal
            let client = try RawClient(port: run.port)
            client.post("/api/goals", #"{"deadline_ms":1}"#, header)
            #expect(client.answer().status == 403)
            #expect(run.controls.goal == before)
        }
    }

    @Test func `A body of a form, as any page may send it, is refused`() async throws {
        try await ServedRun.with { run in
            let client = try RawClient(port: run.port)
            let body = #"{"deadline_ms":1}"#
            client.send(
                ("POST /api/goals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8)
            #expect(client.answer().status == 415)
        }
    }

    @Test func `A huge body is refused, announced or not`() async throws {
        try await ServedRun.with { run in
            let announced = try RawClient(port: run.port)
            announced.send(
                ("POST /api/goals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 1000000000\r\n\r\n").utf8)
            let (text, hasEnded) = announced.receive()
            #expect(text.hasPrefix("HTTP/1.1 413"))
            #expect(hasEnded)

            let chunked = try RawClient(port: run.port)
            chunked.send(
                ("POST /api/goals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n").utf8)
            for _ in 0..<64 { chunked.send("1000\r\n\(String(repeating: " ", count: 4096))\r\n".utf8) }
            #expect(chunked.receive().hasEnded)
            #expect(try run.goesOn())
        }
    }

    @Test func `Headers that do not end are not waited for, however slowly they drip`() async throws {
        try await ServedRun.with { run in
            let client = try RawClient(port: run.port)
            client.send("GET /api/state HTTP/1.1\r\nHost: 127.0.0.1\r\n".utf8)
            var hasEnded = false
            for number in 0..<30 where !hasEnded {
                client.send("X-\(number): 1\r\n".utf8)
                hasEnded = client.receive(seconds: 1).hasEnded
            }
            #expect(hasEnded)
            #expect(try run.goesOn())
        }
    }

    @Test func `A viewer that reads nothing is dropped`() async throws {
        try await ServedRun.with { run in
            let lazy = try RawClient(port: run.port)
            lazy.get("/api/events")
            // Notices larger than the kernel's buffers fill the connection at once.
            let logger = run.page.showing(Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let words = Logger.Message(stringLiteral: String(repeating: "x", count: 1 << 18))
            for _ in 0..<100 { logger.notice(words) }
            var dropped = false
            for _ in 0..<30 where !dropped {
                logger.notice(words)
                let client = try RawClient(port: run.port)
                client.get("/metrics")
                dropped = client.answer().body.contains("heed_page_viewers_dropped_total 1")
                if !dropped { sleep(1) }
            }
            #expect(dropped)
            #expect(try run.goesOn())
        }
    }

    @Test func `Who finds no room to look is refused, and keeps no connection`() async throws {
        try await ServedRun.with { run in
            // This run has no pictures to send: whoever waits for one is never too slow to take it.
            let viewers = try (0..<ViewerRegister.capacity).map { _ in try RawClient(port: run.port) }
            for viewer in viewers { viewer.get("/preview.mjpeg") }
            let client = try RawClient(port: run.port)
            var areIn = false
            for _ in 0..<1000 where !areIn {
                client.get("/metrics")
                areIn = client.answer().body.contains("heed_page_viewers \(viewers.count)")
                if !areIn { usleep(10_000) }
            }
            #expect(areIn)
            let late = try RawClient(port: run.port)
            late.get("/api/events")
            let answer = late.answer()
            try #require(answer.status == 503)
            #expect(answer.body.contains("are looking already"))
            #expect(answer.head.lowercased().contains("connection: close"))
            #expect(late.receive().hasEnded)
        }
    }
}
