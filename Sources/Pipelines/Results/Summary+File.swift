import Foundation

extension Summary {
    /// Writes the summary as JSON, whole or not at all.
    public func write(to path: String) throws(PipelinesError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            var data = try encoder.encode(self)
            data.append(UInt8(ascii: "\n"))
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw PipelinesError(
                .resultsNotWritten, "\(path): the summary cannot be written here: \(error.localizedDescription)",
                cause: error)
        }
    }
}
