import Foundation

/// A results file, read whole.
public struct ReportedRun {
    /// The file's name.
    let name: String
    /// Its lines, in order.
    let samples: [ReportedSample]

    /// Reads a file of results, as `--results` writes it.
    ///
    /// A last line that was not written to its end is left out.
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
            let sample: ReportedSample
            do {
                sample = try decoder.decode(ReportedSample.self, from: Data(line))
            } catch {
                // A run that was killed leaves half a line.
                if line.endIndex == data.endIndex, !samples.isEmpty { break }
                throw ReportError(.badResults, "\(path):\(index + 1): not a line of results: \(Self.words(error))")
            }
            guard sample.isPlausible else {
                throw ReportError(.badResults, "\(path):\(index + 1): `captured_ns` or `count` is out of all range")
            }
            samples.append(sample)
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
