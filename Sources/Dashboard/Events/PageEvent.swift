import NIOCore

/// Something that viewers are told, ready to be sent (WHATWG HTML, section 9.2: server-sent events).
struct PageEvent: Sendable {
    /// What it is of, by the name that a page listens to.
    enum Kind: String {
        /// A line of the results file.
        case result
        /// Figures, about once a second.
        case stats
        /// A line for a person.
        case notice
        /// The run's state, after something was changed.
        case state
    }

    /// Counts up, also from one run of heed to the next.
    let id: Int
    /// The whole event as it is sent.
    let bytes: ByteBuffer

    /// Makes an event of data that holds no line feed.
    init(id: Int, kind: Kind, data: some Sequence<UInt8>) {
        self.id = id
        var bytes = ByteBuffer()
        bytes.writeString("id: \(id)\nevent: \(kind.rawValue)\ndata: ")
        bytes.writeBytes(data)
        bytes.writeString("\n\n")
        self.bytes = bytes
    }
}
