import Machine
import Yams

extension MappingReader {
    /// A list of power settings, each a text such as `cpu: 50%, package: 15 W` or keys and values, or `auto`; one alone
    /// counts as a list of one.
    mutating func powerOrAuto(_ key: String) -> ListOrAuto<PowerSetting>? {
        if isAuto(key) { return .auto }
        guard let node = value(key) else { return nil }
        let items = node.sequence.map { Array($0) } ?? [node]
        var settings: [PowerSetting] = []
        for item in items {
            do {
                settings.append(try Self.powerSetting(item))
            } catch {
                // The key is said already.
                let message = error.message.hasPrefix("power: ") ? String(error.message.dropFirst(7)) : error.message
                report(item, key, message)
                return nil
            }
        }
        return settings.isEmpty ? nil : .these(settings)
    }

    private static func powerSetting(_ node: Node) throws(MachineError) -> PowerSetting {
        guard let mapping = node.mapping else { return try PowerSetting(node.scalar?.string ?? "") }
        return try PowerSetting(mapping.map { ($0.key.string ?? "", $0.value.scalar?.string ?? "") })
    }
}
