import Foundation
import Testing

@testable import Dashboard

/// What Prometheus itself says of heed's metrics and rules.
@Suite(.enabled(if: Promtool.path != nil, "SKIPPED: promtool (Debian's prometheus) is not installed"))
struct PromtoolTests {
    private func promtool(_ arguments: [String], input: String = "") throws -> (status: Int32, words: String) {
        let (process, pipe, said) = (Process(), Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: try #require(Promtool.path))
        process.arguments = arguments
        process.standardInput = pipe
        process.standardOutput = said
        process.standardError = said
        try process.run()
        try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try pipe.fileHandleForWriting.close()
        let words = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, words)
    }

    @Test func `The metrics are as Prometheus wants them`() async throws {
        try await ServedRun.with { run in
            #expect(try run.goesOn())
            let client = try RawClient(port: run.port)
            client.get("/metrics")
            let (status, words) = try promtool(["check", "metrics"], input: client.answer().body)
            #expect(status == 0, "\(words)")
            #expect(words.isEmpty, "\(words)")
        }
    }

    @Test func `The alert rules are well-formed`() throws {
        let rules = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("assets/grafana/alerts.yaml").path
        let (status, words) = try promtool(["check", "rules", rules])
        #expect(status == 0, "\(words)")
    }
}

/// Where Prometheus' own tool is; nil where it is not installed.
private enum Promtool {
    static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/promtool" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}
