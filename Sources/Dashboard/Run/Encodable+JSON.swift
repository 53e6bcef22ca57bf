import Foundation

extension Encodable {
    /// As JSON on one line, keys in a fixed order; empty for what JSON cannot hold.
    var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { Array($0) } ?? []
    }
}
