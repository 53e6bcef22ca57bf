/// A list, or the word `auto`: what it comes to is left to heed.
public enum ListOrAuto<Element> {
    case auto
    case these([Element])

    /// The list; nil for `auto`.
    public var list: [Element]? {
        if case .these(let list) = self { list } else { nil }
    }
}

extension ListOrAuto: Sendable where Element: Sendable {}
extension ListOrAuto: Equatable where Element: Equatable {}
extension ListOrAuto: Hashable where Element: Hashable {}
