import Foundation
import Testing

@testable import Reports

struct ReportTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "heed-report-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func frame(_ number: Int, outcome: String = "met", latency: Double? = 8) -> String {
        let answer = latency.map {
            """
            ,"candidate":"lite\(number % 2)@cpu-1t","inference_ms":\($0 / 2),"latency_ms":\($0),"slowdown":1.1,\
            "energy_j":0.2,"energy_source":"estimated"
            """
        }
        return """
            {"stream":"frames","sequence":\(number),"captured_ns":\(number * 33_000_000),"deadline_ms":100.0,\
            "outcome":"\(outcome)"\(answer ?? ""),"reason":"because"}
            """
    }

    private let caption = """
        {"stream":"speech","sequence":0,"captured_ns":5000000000,"deadline_ms":500.0,"outcome":"met","kind":"final",\
        "start":1.0,"end":3.5,"text":"Five < six & seven","candidate":"tiny@cpu-1t","inference_ms":40,"latency_ms":60,\
        "reason":"because"}
        """

    private func file(_ lines: [String], name: String = "r.jsonl") throws -> String {
        let path = "\(folder)/\(name)"
        try (lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\n"))
            .write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test func aRunHasEveryPictureAndTable() throws {
        let lines = (0..<200).map { frame($0, outcome: $0 == 7 ? "late" : "met", latency: Double($0)) }
        let path = try file(lines + [frame(200, outcome: "lost", latency: nil), caption])
        let report = RunsReport([try ReportedRun(contentsOf: path)])
        #expect(
            report.pictures().map(\.name) == [
                "choices-frames.svg", "latency-frames.svg", "slowdown-frames.svg", "energy-frames.svg",
                "choices-speech.svg",
            ])
        let html = report.html()
        #expect(html.contains("<td>met</td><td>199</td>") && html.contains("<td>late</td><td>1</td>"))
        #expect(html.contains("<td>sensor to result</td><td>99.00</td><td>189.00</td><td>197.00</td><td>199.00</td>"))
        #expect(html.contains("50.0 % of all time"))
        #expect(html.contains("<td>estimated</td><td>40.00</td><td>200</td><td>0.2000</td>"))
        #expect(html.contains("Five &lt; six &amp; seven") && !html.contains("Five < six"))
        #expect(!html.contains("http://") || !html.contains("src="))
        #expect(html.contains("prefers-color-scheme:dark"))
    }

    @Test func everyPictureIsXML() throws {
        let path = try file((0..<50).map { frame($0) })
        for picture in RunsReport([try ReportedRun(contentsOf: path)]).pictures() {
            let parsed = try XMLCheck.run(picture.svg, in: folder)
            #expect(parsed, "\(picture.name)")
        }
    }

    @Test func veryLongRunsAreThinnedOut() throws {
        let path = try file((0..<10_000).map { frame($0) })
        let report = RunsReport([try ReportedRun(contentsOf: path)])
        #expect(report.html().utf8.count < 3_000_000)
        #expect(report.html().contains("<td>met</td><td>10000</td>"))
    }

    @Test func severalRunsHavePicturesOfTheirOwn() throws {
        let runs = try ["a.jsonl", "b.jsonl"].map { try ReportedRun(contentsOf: try file([frame(1)], name: $0)) }
        let report = RunsReport(runs)
        let names = report.pictures().map(\.name)
        #expect(Set(names).count == names.count && names.contains("1-choices-frames.svg"))
        try report.writePictures(to: "\(folder)/svg")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/svg").sorted() == names.sorted())
    }

    @Test(
        arguments: [
            ([], ":1: the file is empty"),
            (["{\"stream\":\"frames\""], ":1: not a line of results: it is no JSON"),
            (["hello"], ":1: not a line of results: it is no JSON"),
            (["", ""], ":1: not a line of results"),
            (["{\"a\":1}"], ":1: not a line of results: the key `stream` is missing"),
            (["{\"stream\":\"smell\"}"], ":1: not a line of results: `stream` is unknown"),
        ] as [([String], String)]) func aBrokenFileIsOneErrorThatNamesTheLine(lines: [String], words: String) throws
    {
        let path = try file(lines)
        let error = #expect(throws: ReportError.self) { _ = try ReportedRun(contentsOf: path) }
        #expect(error?.message.hasPrefix(path + words) == true, "\(error?.message ?? "")")
    }

    @Test func theLineOfADamageIsNamed() throws {
        let path = try file((0..<10).map { frame($0) } + ["{\"stream\":"])
        let error = #expect(throws: ReportError.self) { _ = try ReportedRun(contentsOf: path) }
        #expect(error?.message.hasPrefix("\(path):11: ") == true)
    }

    @Test func halfALineThatAKilledRunLeftIsLeftOut() throws {
        let path = try file([frame(1), frame(2)])
        try (String(contentsOfFile: path, encoding: .utf8) + "{\"stream\":\"fra")
            .write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try ReportedRun(contentsOf: path).samples.count == 2)
    }

    @Test(arguments: ["\"captured_ns\":-9223372036854775808", "\"count\":9223372036854775807"])
    func aNumberOutOfAllRangeIsAnErrorThatNamesTheLine(key: String) throws {
        let line =
            "{\"stream\":\"frames\",\"sequence\":1,\(key.hasPrefix("\"cap") ? "" : "\"captured_ns\":5,")\(key),"
            + "\"deadline_ms\":100,\"outcome\":\"met\"}"
        let path = try file([frame(1), line])
        let error = #expect(throws: ReportError.self) { _ = try ReportedRun(contentsOf: path) }
        #expect(error?.message.hasPrefix("\(path):2: ") == true, "\(error?.message ?? "")")
    }

    @Test func aPlaceThatCannotBeWrittenIsAnError() throws {
        let report = RunsReport([try ReportedRun(contentsOf: try file([frame(1)]))])
        let error = #expect(throws: ReportError.self) { try report.writePictures(to: "/dev/null/a") }
        #expect(error?.code == .notWritable)
    }
}

/// Whether a text is well-formed XML, as Python sees it.
private enum XMLCheck {
    static func run(_ text: String, in folder: String) throws -> Bool {
        let path = "\(folder)/picture.svg"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", "import sys, xml.dom.minidom as d; d.parse(sys.argv[1])", path]
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
