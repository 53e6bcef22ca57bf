import Foundation

extension Summary {
    /// Writes the summary as JSON; a regular file whole or not at all.
    public func write(to path: String) throws(PipelinesError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            var data = try encoder.encode(self)
            data.append(UInt8(ascii: "\n"))
            try OutputFiles.write(data, to: path)
        } catch let error as PipelinesError {
            throw error
        } catch {
            throw PipelinesError(.resultsNotWritten, "\(path): the summary cannot be encoded: \(error)", cause: error)
        }
    }
}
