import Foundation

/// A results file, read whole.
public struct ReportedRun {
    /// The file's name.
    let name: String
    /// Its lines, in order.
    let samples: [ReportedSample]

    /// Reads a file of results, as `--results` writes it.
    ///
    /// - Throws: `ReportError` with `badResults`, which names the line where one is broken.
    public init(contentsOf path: String) throws(ReportError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw ReportError(.badResults, "\(path): cannot be read: \(error.localizedDescription)")
        }
        let decoder = JSONDecoder()
        var samples: [ReportedSample] = []
        for (index, line) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty, line.endIndex == data.endIndex { break }
            do {
                samples.append(try decoder.decode(ReportedSample.self, from: Data(line)))
            } catch {
                throw ReportError(.badResults, "\(path):\(index + 1): not a line of results: \(Self.words(error))")
            }
        }
        guard !samples.isEmpty else {
            throw ReportError(.badResults, "\(path):1: the file is empty; a run with --results writes one")
        }
        name = (path as NSString).lastPathComponent
        self.samples = samples
    }

    private static func words(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _): "the key `\(key.stringValue)` is missing"
        case .typeMismatch(_, let place), .valueNotFound(_, let place):
            "`\(place.codingPath.map(\.stringValue).joined(separator: "."))` is of another kind"
        case .dataCorrupted(let place):
            place.codingPath.isEmpty
                ? "it is no JSON" : "`\(place.codingPath.map(\.stringValue).joined(separator: "."))` is unknown"
        default: "\(error.localizedDescription)"
        }
    }
}
