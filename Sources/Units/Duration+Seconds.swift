extension Duration {
    /// The duration in seconds, as near as a `Double` holds it.
    @inlinable
    public var seconds: Double {
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
