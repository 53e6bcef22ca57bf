import FoundationEssentials

/// The bytes that each token of a recognizer stands for.
///
/// The file holds, for each token by number, one byte with the length and the token's bytes. A token's bytes need not
/// be whole characters of UTF-8; tokens that are never shown have none.
struct Vocabulary: Sendable {
    private let bytes: [UInt8]
    private let ends: [Int]

    /// The number of tokens.
    var count: Int { ends.count }

    /// Reads a file that holds exactly `count` tokens.
    ///
    /// - Throws: `.bundleDamaged`.
    init(path: String, count: Int) throws(RecognitionError) {
        let content: Data
        do {
            content = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw RecognitionError(
                .bundleDamaged, "\(path): cannot be read: \(error). Run `heed models build` to build it anew.")
        }
        guard let vocabulary = Vocabulary(Array(content)), vocabulary.count == count else {
            throw RecognitionError(
                .bundleDamaged,
                "\(path): is no vocabulary of \(count) tokens. Run `heed models build` to build it anew.")
        }
        self = vocabulary
    }

    /// Reads a file's contents; nil when the last token is cut off.
    init?(_ content: [UInt8]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(content.count)
        var ends: [Int] = []
        var position = 0
        while position < content.count {
            let end = position + 1 + Int(content[position])
            guard end <= content.count else { return nil }
            bytes += content[position + 1..<end]
            ends.append(bytes.count)
            position = end
        }
        self.bytes = bytes
        self.ends = ends
    }

    /// The bytes of a token; none for a number that is no token.
    func bytes(of token: Int) -> ArraySlice<UInt8> {
        guard ends.indices.contains(token) else { return [] }
        return bytes[(token == 0 ? 0 : ends[token - 1])..<ends[token]]
    }

    /// The text of tokens, blanks at its ends removed.
    ///
    /// A character whose last bytes are in a token that is still to come is left out; bytes that are no UTF-8 at all
    /// become U+FFFD.
    func text(of tokens: some Sequence<Int>) -> String {
        let joined = tokens.flatMap { bytes(of: $0) }
        let whole = joined.prefix(joined.count - Self.incompleteBytes(atEndOf: joined))
        let blank = UInt8(ascii: " ")
        guard let first = whole.firstIndex(where: { $0 != blank }), let last = whole.lastIndex(where: { $0 != blank })
        else { return "" }
        return String(decoding: whole[first...last], as: UTF8.self)
    }

    /// How many bytes at the end begin a character that they do not finish.
    private static func incompleteBytes(atEndOf bytes: [UInt8]) -> Int {
        for (distance, byte) in bytes.reversed().prefix(4).enumerated() {
            let length =
                switch byte {
                case 0x80...0xBF: 0  // Goes on from an earlier byte.
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 1
                }
            if length > 0 { return length > distance + 1 ? distance + 1 : 0 }
        }
        return 0
    }
}
