public import Units

/// A value for one of the machine's power settings.
public enum PowerLimit: Sendable, Hashable {
    /// Of the processor time that this process could have, in percent.
    case cpu(percent: Double)
    /// Of each processor package.
    case package(Watts)
    /// Of each processor.
    case frequency(kilohertz: Int)
    /// By the kernel's name, such as `balance_power`.
    case preference(String)
    /// Of each GPU.
    case gpu(Watts)
    /// Of each GPU.
    case gpuClock(megahertz: Int)

    /// What it sets.
    public var kind: PowerKind {
        switch self {
        case .cpu: .cpu
        case .package: .package
        case .frequency: .frequency
        case .preference: .preference
        case .gpu: .gpu
        case .gpuClock: .gpuClock
        }
    }

    /// The value with its unit and no blanks: `50%`, `15W`, `1.8GHz`, `balance_power`.
    public var value: String {
        switch self {
        case .cpu(let percent): Self.short(percent) + "%"
        case .package(let watts), .gpu(let watts): Self.short(watts.value) + "W"
        case .frequency(let kilohertz): Self.short(Double(kilohertz) / 1e6) + "GHz"
        case .preference(let name): name
        case .gpuClock(let megahertz): "\(megahertz)MHz"
        }
    }

    private static func short(_ number: Double) -> String {
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Reads a value as people write it: `50%`, `15 W`, `500 mW`, `1.8 GHz`, `1800 MHz`, `balance_power`.
    ///
    /// - Throws: `.badSetting`, with what was expected.
    public init(_ kind: PowerKind, text: String) throws(MachineError) {
        func number(_ units: [(suffix: String, factor: Double)], _ allowed: ClosedRange<Double>) -> Double? {
            let packed = text.filter { $0 != " " }.lowercased()
            for unit in units where packed.hasSuffix(unit.suffix) {
                guard let number = Double(packed.dropLast(unit.suffix.count)) else { continue }
                return allowed.contains(number * unit.factor) ? number * unit.factor : nil
            }
            return nil
        }
        let watts = [("mw", 1e-3), ("w", 1.0)]
        let hertz = [("ghz", 1e6), ("mhz", 1e3), ("khz", 1.0)]
        let limit: PowerLimit? =
            switch kind {
            case .cpu: number([("%", 1)], 1...100).map { .cpu(percent: $0) }
            case .package: number(watts, 0.1...10_000).map { .package(Watts($0)) }
            case .gpu: number(watts, 0.1...10_000).map { .gpu(Watts($0)) }
            case .frequency: number(hertz, 1e3...1e8).map { .frequency(kilohertz: Int($0.rounded())) }
            case .gpuClock: number(hertz, 1e3...1e8).map { .gpuClock(megahertz: Int(($0 / 1e3).rounded())) }
            case .preference: Self.named(text)
            }
        guard let limit else {
            let range = kind == .cpu ? " from 1% to 100%" : ""
            throw MachineError(
                .badSetting,
                "\(kind.rawValue): \(text): expected a \(kind.words)\(range) such as "
                    + "`\(kind.rawValue): \(kind.example)`")
        }
        self = limit
    }

    /// A name of the kernel's is a word, or a number from 0 to 255.
    private static func named(_ text: String) -> PowerLimit? {
        let name = text.trimmed
        let isWord = name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
        return isWord && (1...32).contains(name.utf8.count) ? .preference(name) : nil
    }
}
