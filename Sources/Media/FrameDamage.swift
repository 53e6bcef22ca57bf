/// Why a frame that the driver delivered is of no use.
public enum FrameDamage: String, Sendable, Hashable, Codable {
    /// The driver says that its data may be corrupt.
    case flagged
    /// It has fewer bytes than its picture takes.
    case truncated
}
