import ArgumentParser
import Foundation
import Pipelines
import Reports

/// `heed report`: the pictures of finished runs.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Draw what a finished run came to.",
        discussion: """
            Takes files that `--results` wrote, and makes one page of each run's choices, latency, outcomes, \
            slow-down, energy and captions. The page needs nothing beside it and nothing from elsewhere.

            Examples:
              heed report results.jsonl
              heed report monday.jsonl tuesday.jsonl -o week.html --svg pictures
            """)

    @Argument(help: "Files of results, one a run.")
    var results: [String]

    @Option(name: .shortAndLong, help: "The page to write.")
    var output = "report.html"

    @Option(help: "A folder that gets the pictures too, as SVG files.")
    var svg: String?

    func run() throws {
        try OutputFiles.check([output], inputs: results)
        let report = RunsReport(try results.map { try ReportedRun(contentsOf: $0) })
        try OutputFiles.write(Data(report.html().utf8), to: output)
        try answer("report: \(output)")
        guard let svg else { return }
        try report.writePictures(to: svg)
        try answer("pictures: \(svg)")
    }
}
