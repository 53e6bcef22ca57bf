public import Capture
public import Media
public import Units

/// A quantity as people write it: a number and its unit, such as `100ms`, `0.5 J` or `4W`.
private func amount(_ text: String, units: [(suffix: String, factor: Double)]) -> Double? {
    let trimmed = text.filter { $0 != " " }
    for unit in units where trimmed.hasSuffix(unit.suffix) {
        if let number = Double(trimmed.dropLast(unit.suffix.count)), number.isFinite { return number * unit.factor }
    }
    return nil
}

extension Duration {
    /// Reads `250us`, `100ms`, `0.1s` or `2min`; nil for anything else, a bare number included.
    public init?(text: String) {
        // Longest suffixes first: "ms" also ends in "s".
        let units = [("min", 60.0), ("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("s", 1.0)]
        guard let seconds = amount(text, units: units), abs(seconds) < 1e9 else { return nil }
        self = .seconds(seconds)
    }

    /// The duration as a person would say it: `33 ms`, `1.5 s`.
    public var words: String {
        let value = seconds
        if abs(value) < 1e-3 { return "\(rounded(value * 1e6)) µs" }
        if abs(value) < 1 { return "\(rounded(value * 1e3)) ms" }
        return "\(rounded(value)) s"
    }
}

extension Joules {
    /// Reads `2J`, `500mJ` or `0.1kJ`; nil for anything else.
    public init?(text: String) {
        guard let value = amount(text, units: [("mJ", 1e-3), ("kJ", 1e3), ("J", 1)]) else { return nil }
        self.init(value)
    }
}

/// Reads `2 GiB`, `500 MiB` or `1GB` as bytes; nil for anything else.
func bytes(text: String) -> Int? {
    let units = [("KiB", 1024.0), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9)]
    guard let value = amount(text, units: units), value >= 1, value < 1e15 else { return nil }
    return Int(value)
}

extension Watts {
    /// Reads `4W`, `500mW`; nil for anything else.
    public init?(text: String) {
        guard let value = amount(text, units: [("mW", 1e-3), ("W", 1)]) else { return nil }
        self.init(value)
    }
}

/// At most three significant digits, without a trailing `.0`.
func rounded(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    let magnitude = abs(value)
    let digits = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 2
    var text = value.formatted(decimals: digits)
    if text.contains(".") {
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
    }
    return text
}

extension PictureSize {
    /// Reads `640x480` or `640×480`, 1 to 16384 either way; nil for anything else.
    public init?(text: String) {
        let parts = text.lowercased().split(whereSeparator: { $0 == "x" || $0 == "×" }).map { Int($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1] else { return nil }
        guard (1...16_384).contains(width), (1...16_384).contains(height) else { return nil }
        self.init(width, height)
    }
}

extension PixelFormat {
    /// The names of the formats that cameras give.
    public static let cameraNames = ["yuyv", "uyvy", "nv12", "i420", "i422", "gray", "rgb24", "mjpeg"]

    /// Reads a camera's format, as people name it; nil for anything else.
    public init?(cameraName name: String) {
        let usual = ["mjpeg": PixelFormat.jpeg, "mjpg": .jpeg, "grey": .gray, "yuv420": .i420, "yuv422": .i422]
        guard let format = usual[name.lowercased()] ?? PixelFormat(rawValue: name.lowercased()) else { return nil }
        self = format
    }
}
