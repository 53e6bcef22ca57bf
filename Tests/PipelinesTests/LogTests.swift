import Dispatch
import Foundation
import Logging
import Synchronization
import Testing

@testable import Pipelines

/// How log events are written; by one queue, so that one test at a time may hold it up.
@Suite(.serialized) struct LogTests {
    private func record(
        _ level: Logger.Level = .notice, label: String = "heed", message: String = "cam: is back",
        metadata: Logger.Metadata = [:]
    ) -> LogRecord {
        LogRecord(
            time: Date(timeIntervalSince1970: 1_700_000_000.25), level: level, label: label, message: message,
            metadata: metadata)
    }

    @Test func `In text heed's own events are their messages alone`() {
        #expect(record(metadata: ["device": "cam"]).text == "cam: is back")
        #expect(record(.warning).text == "cam: is back")
        #expect(record(.error, message: "no camera").text == "Error: no camera")
        #expect(record(.warning, label: "heed.page", message: "odd").text == "heed.page: odd")
        #expect(record(.debug, message: "m", metadata: ["b": "2", "a": "1"]).text == "[debug] m a=1 b=2")
    }

    @Test func `In JSON an event is one line with its time to the millisecond`() throws {
        let line = record(
            message: "said \"so\"\nand\u{1}",
            metadata: ["n": .stringConvertible(3), "is": .stringConvertible(true), "list": ["a", ["k": "v"]]]
        ).json
        #expect(!line.contains("\n"))
        #expect(line.hasPrefix(#"{"time":"2023-11-14T22:13:20.250Z","level":"notice","label":"heed","message":"said"#))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["message"] as? String == "said \"so\"\nand\u{1}")
        let metadata = try #require(object["metadata"] as? [String: Any])
        #expect(metadata["n"] as? Int == 3)
        #expect(metadata["is"] as? Bool == true)
        #expect((metadata["list"] as? [Any])?.count == 2)
        #expect(!record().json.contains("metadata"))
    }

    @Test func `What is below the level is left out, and the rest stays in order`() {
        let lines = Mutex<[String]>([])
        let write = { @Sendable (line: String) in lines.withLock { $0.append(line) } }
        var logger = Logger(label: "heed") { LineLogHandler(label: $0, format: .text, level: .notice, write: write) }
        logger[metadataKey: "stream"] = "frames"
        logger.info("not this")
        for number in 0..<100 { logger.notice("\(number)") }
        LineLogHandler.flush(within: .seconds(60))
        #expect(lines.withLock(\.self) == (0..<100).map { "\($0)" })
    }

    @Test func `While nothing can be written so many wait, and the rest is counted`() {
        let lines = Mutex<[String]>([])
        let gate = DispatchSemaphore(value: 0)
        let write = { @Sendable (line: String) in
            if line == "0" { gate.wait() }
            lines.withLock { $0.append(line) }
        }
        let logger = Logger(label: "heed") { LineLogHandler(label: $0, format: .text, level: .notice, write: write) }
        for number in 0..<LineLogHandler.capacity + 200 { logger.notice("\(number)") }
        // Ends although nothing is written.
        LineLogHandler.flush(within: .milliseconds(1))
        let isHeldUp = lines.withLock(\.isEmpty)
        #expect(isHeldUp)
        gate.signal()
        LineLogHandler.flush(within: .seconds(60))
        let written = lines.withLock(\.self)
        #expect(Array(written.dropLast()) == (0..<LineLogHandler.capacity).map { "\($0)" })
        #expect(written.last?.hasPrefix("200 log events were dropped") == true)
    }

    @Test func `An event has the metadata of its logger and its own, which comes first`() {
        let lines = Mutex<[String]>([])
        let write = { @Sendable (line: String) in lines.withLock { $0.append(line) } }
        let logger = Logger(label: "heed") { LineLogHandler(label: $0, format: .json, level: .info, write: write) }
        logger.with("stream", "frames").with("device", "cam").notice("m", metadata: ["device": "other"])
        LineLogHandler.flush(within: .seconds(60))
        #expect(lines.withLock { $0.first?.hasSuffix(#""metadata":{"device":"other","stream":"frames"}}"#) } == true)
    }
}
