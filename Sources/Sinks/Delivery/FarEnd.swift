/// What messages are sent to: a broker, a server, a command, a file.
///
/// One thread calls it, one call at a time; every call ends by itself within the far end's own timeout.
public protocol FarEnd: AnyObject {
    /// The most messages that `send` is given at once.
    var batch: Int { get }
    /// How often `attend` wants to be called while there is nothing to send; nil for never.
    var attention: Duration? { get }
    /// Opens the way to the far end, where it is not open.
    func open() throws(DeliveryFailure)
    /// Sends messages in order; returns when the far end has all of them.
    func send(_ messages: [Message]) throws(DeliveryFailure)
    /// Looks after the open way to the far end, such as by a sign of life.
    func attend() throws(DeliveryFailure)
    /// Closes the way to the far end, properly where it is open.
    func close()
}

extension FarEnd {
    public var attention: Duration? { nil }
    public func attend() throws(DeliveryFailure) {}
}

/// Why messages were not taken.
public struct DeliveryFailure: Error, Sendable, Hashable {
    /// What the far end said or did; never a secret.
    public var reason: String
    /// How many of the messages, from the first on, it has all the same.
    public var sent: Int
    /// Whether it will not take the first of the others ever: it is dropped, rather than to hold up those behind it.
    public var isRefusal: Bool

    /// Makes a failure.
    public init(_ reason: String, sent: Int = 0, isRefusal: Bool = false) {
        self.reason = reason
        self.sent = sent
        self.isRefusal = isRefusal
    }
}
