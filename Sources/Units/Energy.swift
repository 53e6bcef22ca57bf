/// An amount of energy in joules (watt-seconds).
public struct Joules: Sendable, Hashable, Comparable, AdditiveArithmetic, Codable {
    /// The amount in joules.
    public var value: Double

    /// Makes an amount from a number of joules.
    public init(_ value: Double) { self.value = value }

    public static let zero = Joules(0)
    public static func < (a: Joules, b: Joules) -> Bool { a.value < b.value }
    public static func + (a: Joules, b: Joules) -> Joules { Joules(a.value + b.value) }
    public static func - (a: Joules, b: Joules) -> Joules { Joules(a.value - b.value) }
    /// The mean power that spends `energy` in `time`.
    public static func / (energy: Joules, time: Duration) -> Watts { Watts(energy.value / time.seconds) }

    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(Double.self))
    }
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}

/// A power in watts.
public struct Watts: Sendable, Hashable, Comparable, AdditiveArithmetic, Codable {
    /// The power in watts.
    public var value: Double

    /// Makes a power from a number of watts.
    public init(_ value: Double) { self.value = value }

    public static let zero = Watts(0)
    public static func < (a: Watts, b: Watts) -> Bool { a.value < b.value }
    public static func + (a: Watts, b: Watts) -> Watts { Watts(a.value + b.value) }
    public static func - (a: Watts, b: Watts) -> Watts { Watts(a.value - b.value) }
    /// The energy that `power` spends in `time`.
    public static func * (power: Watts, time: Duration) -> Joules { Joules(power.value * time.seconds) }

    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(Double.self))
    }
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}
