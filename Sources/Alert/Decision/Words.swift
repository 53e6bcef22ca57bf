import Units

/// Numbers as explanations show them. Plain arithmetic, so that this room needs no formatting library.
enum Words {
    /// A number with a fixed count of decimals, rounded half away from zero: `0.10`.
    static func decimal(_ value: Double, places: Int) -> String {
        guard abs(value) < 1e12 else { return "\(value)" }
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = Int((abs(value) * scale).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return sign + String(scaled) }
        let fraction = String(scaled % Int(scale))
        let zeros = String(repeating: "0", count: places - fraction.count)
        return "\(sign)\(scaled / Int(scale)).\(zeros)\(fraction)"
    }

    /// A probability in whole per cent, rounded down: `97 %`. A promise is never shown higher than it is, and nothing
    /// is certain.
    static func percent(_ share: Double) -> String {
        share > 0.99 ? "over 99 %" : "\(Int((share * 100 + 1e-6).rounded(.down))) %"
    }

    /// Milliseconds, with a decimal only where it says something: `40 ms`, `2.5 ms`.
    static func milliseconds(_ duration: Duration) -> String {
        let value = duration.milliseconds
        let text = decimal(value, places: value < 100 ? 1 : 0)
        return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + " ms"
    }

    /// An energy with at least two digits that count: `0.10 J`, `0.012 J`.
    static func energy(_ energy: Joules) -> String {
        // The limits lie where rounding reaches the next digit: 0.0996 is 0.10, not 0.100.
        let size = abs(energy.value)
        return decimal(energy.value, places: size < 0.00995 ? 4 : size < 0.0995 ? 3 : 2) + " J"
    }

    /// An accuracy as a share: `0.88`.
    static func accuracy(_ accuracy: Double) -> String { decimal(accuracy, places: 2) }

    /// A difference of accuracies in percentage points: `1.2 points`.
    static func points(_ difference: Double) -> String {
        difference < 0.0005 ? "less than 0.1 points" : decimal(difference * 100, places: 1) + " points"
    }
}
