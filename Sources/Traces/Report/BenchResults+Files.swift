private import FoundationEssentials
private import Glibc

extension BenchResults {
    /// Writes `report.html`, the plots, `results.json`, and `timings.json`, which alone differs from run to run.
    ///
    /// Makes the folder where there is none; files of these names are replaced.
    /// - Returns: the paths, in that order.
    /// - Throws: `TracesError` with code `notWritable`.
    @discardableResult
    public func write(to folder: String, timings: BenchTimings) throws(TracesError) -> [String] {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw TracesError(.notWritable, "\(folder): cannot be made a folder; name another one with --output")
        }
        var files = [("report.html", [UInt8](html().utf8))]
        files += plots().map { ("\($0.name).svg", [UInt8]($0.svg.utf8)) }
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            files.append(("results.json", [UInt8](try encoder.encode(self)) + [10]))
            files.append(("timings.json", [UInt8](try encoder.encode(timings)) + [10]))
        } catch {
            throw TracesError(.notWritable, "\(folder)/results.json: a figure is no number: \(error)")
        }
        var paths: [String] = []
        for (name, bytes) in files {
            let file = try TraceFile("\(folder)/\(name)", flags: O_RDWR | O_CREAT | O_TRUNC)
            try file.write(bytes, at: 0)
            paths.append(file.path)
        }
        return paths
    }
}
