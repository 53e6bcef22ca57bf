/// A power setting of a candidate: one limit or several, each on another of the machine's power knobs.
///
/// Knobs that it does not name are left as they were found.
public struct PowerSetting: Sendable, Hashable {
    /// The limits, one of a kind, in the order of `PowerKind`.
    public let limits: [PowerLimit]

    /// Makes a setting.
    ///
    /// - Throws: `.badSetting` when there is no limit, or two are of one kind.
    public init(_ limits: [PowerLimit]) throws(MachineError) {
        guard !limits.isEmpty else {
            throw MachineError(.badSetting, "power: expected a setting such as `cpu: 50%`, found none")
        }
        for kind in PowerKind.allCases where limits.count(where: { $0.kind == kind }) > 1 {
            throw MachineError(.badSetting, "power: \(kind.rawValue) is given twice in one setting")
        }
        self.limits = PowerKind.allCases.compactMap { kind in limits.first { $0.kind == kind } }
    }

    /// Makes a setting of keys and values, such as `cpu` and `50%`.
    ///
    /// - Throws: `.badSetting` when a key or value is not known.
    public init(_ pairs: [(key: String, value: String)]) throws(MachineError) {
        var limits: [PowerLimit] = []
        for pair in pairs {
            guard let kind = PowerKind(rawValue: pair.key) else { throw Self.unknown(pair.key) }
            limits.append(try PowerLimit(kind, text: pair.value))
        }
        try self.init(limits)
    }

    /// Reads `cpu: 50%` or `cpu: 50%, package: 15 W`, or a setting's name, such as `cpu-50%`.
    ///
    /// - Throws: `.badSetting`, with what was expected.
    public init(_ text: String) throws(MachineError) {
        var pairs: [(key: String, value: String)] = []
        for part in text.split(whereSeparator: { $0 == "," || $0 == "+" }) {
            let part = part.trimmed
            // The longer first: `gpu-clock` also begins with `gpu-`.
            let keys = PowerKind.allCases.map(\.rawValue).sorted { $0.count > $1.count }
            let known = keys.first { part.hasPrefix($0 + "-") || part.hasPrefix($0 + ":") }
            guard let known else { throw Self.unknown(part.split(separator: ":").first.map(String.init) ?? part) }
            pairs.append((known, part.dropFirst(known.count + 1).trimmed))
        }
        try self.init(pairs)
    }

    /// The name in candidates, results and profiles, which `init(_:)` reads: `cpu-50%`, `package-15W+frequency-1.8GHz`.
    public var name: String { limits.map { "\($0.kind.rawValue)-\($0.value)" }.joined(separator: "+") }

    /// The setting as a person would say it: `CPU bandwidth 50%`.
    public var words: String { limits.map { "\($0.kind.words) \($0.value)" }.joined(separator: ", ") }

    private static func unknown(_ key: String) -> MachineError {
        let keys = PowerKind.allCases.map(\.rawValue).joined(separator: ", ")
        return MachineError(
            .badSetting, "power: \(key): unknown key; expected one of \(keys), as in `cpu: 50%`")
    }
}
