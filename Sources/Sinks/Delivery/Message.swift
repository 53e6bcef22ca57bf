/// What is sent to a far end, whole or not at all.
public struct Message: Sendable, Hashable {
    /// What it is about, such as `frames`: where a far end has topics, the last part of one. At most 255 bytes.
    public var topic: String
    /// What is sent.
    public var body: [UInt8]

    /// Makes a message.
    public init(topic: String = "", body: [UInt8]) {
        self.topic = topic
        self.body = body
    }

    /// What it counts for where messages wait.
    var size: Int { body.count + topic.utf8.count }
}

/// Messages that wait in memory, oldest first.
struct MessageQueue {
    private var messages: [Message] = []
    private var head = 0
    /// What they take together.
    private(set) var size = 0

    var count: Int { messages.count - head }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ message: Message) {
        messages.append(message)
        size += message.size
    }

    /// The oldest, at most so many.
    func first(_ count: Int) -> [Message] { Array(messages[head...].prefix(count)) }

    /// Takes the oldest away. The memory they took is given back now and then.
    mutating func removeFirst(_ count: Int) {
        for message in messages[head..<head + count] { size -= message.size }
        head += count
        if head == messages.count || head > 1024 {
            messages.removeFirst(head)
            head = 0
        }
    }
}
