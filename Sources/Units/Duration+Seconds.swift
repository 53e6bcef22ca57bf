extension Duration {
    /// Makes a duration of whole nanoseconds, as `nanoseconds(_:)` of the standard library does, without a call.
    @inlinable
    public init(nanoseconds: Int64) { self.init(attoseconds: Int128(nanoseconds) &* 1_000_000_000) }

    /// The duration in seconds, as near as a `Double` holds it.
    @inlinable
    public var seconds: Double {
        // Up to 18 seconds 64 bits hold it: dividing those needs no call.
        if let short = UInt64(exactly: attoseconds) {
            let parts = short.quotientAndRemainder(dividingBy: 1_000_000_000_000_000_000)
            return Double(Int64(parts.quotient)) + Double(Int64(parts.remainder)) * 1e-18
        }
        let parts = components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }

    /// The duration in milliseconds.
    @inlinable
    public var milliseconds: Double { seconds * 1e3 }

    /// The duration in microseconds.
    @inlinable
    public var microseconds: Double { seconds * 1e6 }

    /// The duration in whole nanoseconds, rounded toward zero; saturates at the ends of `Int64`.
    @inlinable
    public var nanoseconds: Int64 {
        let parts = components
        let (whole, overflow) = parts.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return parts.seconds < 0 ? .min : .max }
        return whole &+ parts.attoseconds / 1_000_000_000
    }
}
