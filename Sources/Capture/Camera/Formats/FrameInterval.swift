/// The time from one frame to the next, in seconds, as the fraction that drivers deal in.
public struct FrameInterval: Hashable, Sendable, CustomStringConvertible {
    /// The upper part of the fraction.
    public let numerator: UInt32
    /// The lower part of the fraction.
    public let denominator: UInt32

    /// Makes an interval of numerator/denominator seconds.
    public init(numerator: UInt32, denominator: UInt32) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// Makes the interval of a rate in frames a second, to a thousandth.
    public init(rate: Double) {
        let thousandths = (rate * 1000).rounded()
        if rate.rounded() == rate, rate >= 1, rate <= 1e6 {
            self.init(numerator: 1, denominator: UInt32(rate))
        } else {
            self.init(numerator: 1000, denominator: UInt32(min(max(thousandths, 1), 1e9)))
        }
    }

    /// Whether it stands for a time at all; drivers give 0/0 and 1/0 too.
    public var isUsable: Bool { numerator > 0 && denominator > 0 }

    /// The interval in seconds; 0 where it is not usable.
    public var seconds: Double { isUsable ? Double(numerator) / Double(denominator) : 0 }

    /// The frames a second; 0 where it is not usable.
    public var rate: Double { isUsable ? Double(denominator) / Double(numerator) : 0 }

    /// The interval as a time.
    public var duration: Duration { .nanoseconds(Int64(seconds * 1e9)) }

    /// The rate, such as `30/s` or `29.97/s`.
    public var description: String { "\(Self.text(rate))/s" }

    /// A rate with as few digits as it needs, three at most after the point.
    static func text(_ rate: Double) -> String {
        let thousandths = Int((min(rate, 1e12) * 1000).rounded())
        if thousandths % 1000 == 0 { return "\(thousandths / 1000)" }
        var text = "\(Double(thousandths) / 1000)"
        while text.hasSuffix("0") { text.removeLast() }
        return text
    }
}

/// The intervals between two ends; one interval where the ends are the same.
public struct IntervalRange: Hashable, Sendable, CustomStringConvertible {
    /// The shortest interval: the highest rate.
    public let shortest: FrameInterval
    /// The longest interval: the lowest rate.
    public let longest: FrameInterval
    /// From one interval to the next; not usable where any is possible.
    public let step: FrameInterval

    /// Makes a range.
    public init(shortest: FrameInterval, longest: FrameInterval, step: FrameInterval) {
        self.shortest = shortest
        self.longest = longest
        self.step = step
    }

    /// Makes a range of one interval.
    public init(_ interval: FrameInterval) {
        self.init(shortest: interval, longest: interval, step: FrameInterval(numerator: 0, denominator: 1))
    }

    /// The interval on offer that is nearest to `wanted` and no longer, or else the shortest on offer.
    public func fitted(to wanted: FrameInterval) -> FrameInterval {
        if wanted.seconds <= shortest.seconds { return shortest }
        if wanted.seconds >= longest.seconds { return longest }
        guard step.isUsable else { return wanted }
        // Counted in the step's own denominator as far as the shortest interval allows; the driver rounds the rest.
        let steps = ((wanted.seconds - shortest.seconds) / step.seconds + 1e-9).rounded(.down)
        return FrameInterval(rate: 1 / (shortest.seconds + steps * step.seconds))
    }

    /// Such as `30/s` or `1/s…60/s`.
    public var description: String { shortest == longest ? "\(shortest)" : "\(longest)…\(shortest)" }
}
