/// Why a frame that the driver delivered is of no use.
public enum FrameDamage: String, Sendable, Hashable, Codable, CaseIterable, CustomStringConvertible {
    /// The driver says that its data may be corrupt.
    case flagged
    /// It has fewer bytes than its picture takes.
    case truncated
    /// Its bytes are not what its format has.
    case undecodable

    /// The reason in words, for a result.
    public var description: String {
        switch self {
        case .flagged: "the driver says that its data may be corrupt"
        case .undecodable: "its bytes are not what its format has"
        case .truncated: "it has fewer bytes than its picture takes"
        }
    }
}
