import CZLib

/// One message as it lies on disk: the length and the CRC-32 of what follows (little-endian, 4 bytes each), then the
/// length of the topic (1 byte), the topic and the body.
enum SpoolRecord {
    private static let head = 8

    /// The bytes of a message.
    static func bytes(of message: Message) -> [UInt8] {
        let topic = Array(message.topic.utf8.prefix(255))
        let content = [UInt8(topic.count)] + topic + message.body
        return word(UInt32(content.count)) + word(checksum(content[...])) + content
    }

    /// The message that begins at `offset`, and where the next one does; nil where there is none, or a damaged one.
    static func message(in bytes: [UInt8], at offset: Int) -> (message: Message, end: Int)? {
        guard bytes.count - offset > head else { return nil }
        let length = Int(word(in: bytes, at: offset))
        let start = offset + head
        guard length > 0, length <= bytes.count - start else { return nil }
        let content = bytes[start..<start + length]
        guard checksum(content) == word(in: bytes, at: offset + 4) else { return nil }
        let topicEnd = start + 1 + Int(content[start])
        guard topicEnd <= content.endIndex else { return nil }
        let topic = String(decoding: content[(start + 1)..<topicEnd], as: UTF8.self)
        return (Message(topic: topic, body: Array(content[topicEnd...])), content.endIndex)
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32(0, $0.baseAddress, UInt32($0.count))) }
    }

    private static func word(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func word(in bytes: [UInt8], at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << ($1 * 8) }
    }
}
