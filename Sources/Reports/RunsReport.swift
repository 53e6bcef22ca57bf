import Foundation
import Plots

/// The pictures of one run or several, as a page that needs nothing beside it, and as files.
public struct RunsReport {
    private let runs: [(name: String, streams: [StreamReport])]

    /// Draws what the runs came to.
    public init(_ runs: [ReportedRun]) {
        self.runs = runs.map { run in
            let origin = run.samples.map(\.captured).min() ?? 0
            let streams = ReportedSample.Stream.allCases.compactMap { stream -> StreamReport? in
                let own = run.samples.filter { $0.stream == stream }
                return own.isEmpty ? nil : StreamReport(stream, samples: own, origin: origin)
            }
            return (run.name, streams)
        }
    }

    /// The page, for light and dark screens; nothing in it is fetched from elsewhere.
    public func html() -> String {
        let body = runs.map { run in
            "<h1>\(run.name.escaped)</h1>" + run.streams.map(Self.section).joined()
        }
        return Page.html(title: "heed report", body: body.joined(separator: "\n"))
    }

    /// The pictures, each with the name of its file.
    public func pictures() -> [(name: String, svg: String)] {
        runs.enumerated().flatMap { index, run in
            run.streams.flatMap { stream in
                stream.pictures.map { picture in
                    let prefix = runs.count > 1 ? "\(index + 1)-" : ""
                    return ("\(prefix)\(picture.name)-\(stream.stream.rawValue).svg", picture.plot.svg())
                }
            }
        }
    }

    /// Writes the pictures into a folder; files of their names are replaced.
    ///
    /// - Throws: `ReportError` with `notWritable`.
    public func writePictures(to folder: String) throws(ReportError) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for (name, svg) in pictures() {
                try svg.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            }
        } catch {
            throw ReportError(.notWritable, "\(folder): pictures cannot be written here: \(error.localizedDescription)")
        }
    }

    private static func section(_ stream: StreamReport) -> String {
        let drawn = stream.pictures.map { "<figure>\($0.plot.svg())<figcaption>\($0.words)</figcaption></figure>" }
        // The first is wide.
        let plots = (drawn.first ?? "") + "<div class=\"plots\">\(drawn.dropFirst().joined())</div>"
        var tables = [stream.outcomeTable, stream.latencyTable, stream.candidateTable, stream.energyTable]
        tables.removeAll { $0.count < 2 }
        let captions = stream.captionTable
        return "<h2>\(stream.stream.rawValue): \(stream.total) samples</h2>" + plots
            + tables.map { Page.table($0) }.joined()
            + (captions.isEmpty ? "" : "<h2>Captions</h2>" + Page.table(captions, isText: true))
    }
}
