public import Media
import Units

/// How far a card's clock runs from `CLOCK_MONOTONIC`.
public struct ClockDrift: Sendable, Hashable {
    /// Millionths by which the card is fast: more samples a second than it says. Negative when it is slow.
    public var partsPerMillion: Double
    /// The standard error of that, as far as the scatter of the card's stamps tells.
    public var uncertainty: Double

    /// Makes a drift.
    public init(partsPerMillion: Double, uncertainty: Double) {
        self.partsPerMillion = partsPerMillion
        self.uncertainty = uncertainty
    }
}

/// Which sample of a card was captured when.
///
/// A straight line of time over sample number is fitted to the card's stamps by least squares; a stamp's weight falls
/// with its age (to 1/e in `memory`), so that the line follows a clock that warms up. With x the card's own time since
/// the newest stamp, n ∕ nominal rate, and y how much later than x by `CLOCK_MONOTONIC` it was,
/// ```
/// y ≈ a + b x        b = (Sxy − Sx Sy ∕ S + L b₀) ∕ (Sxx − Sx² ∕ S + L)        a = (Sy − b Sx) ∕ S
/// ```
/// where S… are the weighted sums, and L the weight of what was believed of b before: at first a little weight on 0,
/// after a break what the stretch before it had found, for the crystal is still the same. The true rate is
/// nominal ∕ (1 + b).
///
/// A pure value: constant time and no allocation for each stamp.
public struct SampleClock: Sendable, Hashable {
    /// What became of a stamp.
    public enum Observation: Sendable, Hashable {
        /// It belongs to the line, or it is the first.
        case taken
        /// It lies far off the line and was passed over.
        case outlying
        /// The line broke: so many stamps in a row lie far off that sound is missing (positive), or came twice.
        case jumped(Duration)
    }

    /// A stamp farther off than this does not belong to the line. Cards scatter by a few milliseconds.
    static let farthest = 0.05
    /// So many in a row are a break.
    static let patience = 10
    /// The weight on no drift at first, in s²: as of stamps that scatter by 1 ms, and cards that are 0.5 % off.
    private static let firstWeight = 0.04
    /// A drift from stamps over less than this is not told.
    private static let shortest = 5.0

    /// Samples a second as the card names it.
    public let nominalRate: Double
    /// The age at which a stamp's weight has fallen to 1/e.
    public let memory: Duration

    // The line's origin is the newest stamp that was taken: sample number, and time.
    private var originSample: Int64 = 0
    private var originTime = MonotonicTime(nanoseconds: 0)
    private var sum = 0.0
    private var sumX = 0.0
    private var sumY = 0.0
    private var sumXX = 0.0
    private var sumXY = 0.0
    private var believed = 0.0
    private var believedWeight = SampleClock.firstWeight
    private var scatter = 0.0
    private var stamps = 0.0
    private var span = 0.0
    private var outliers = 0

    /// Makes a clock that knows nothing yet.
    public init(nominalRate: Double, memory: Duration = .seconds(30)) {
        precondition(nominalRate > 0 && memory > .zero, "a clock ticks")
        self.nominalRate = nominalRate
        self.memory = memory
    }

    /// Begins a new line at a sample that was captured at `time`: at the start, and after sound was lost.
    public mutating func restart(sample: Int64, at time: MonotonicTime) {
        believed = slope
        // What was learned is kept, but not more of it than a full memory of it is worth.
        believedWeight += centeredXX
        (sumX, sumY, sumXX, sumXY) = (0, 0, 0, 0)
        sum = 1
        originSample = sample
        originTime = time
        outliers = 0
    }

    /// Takes in that all samples before number `sample` had been captured at `time`.
    ///
    /// Numbers and times rise from one call to the next; one that does not is outlying.
    public mutating func observe(sample: Int64, at time: MonotonicTime) -> Observation {
        guard sum > 0 else {
            restart(sample: sample, at: time)
            return .taken
        }
        let passed = Double(sample - originSample) / nominalRate
        let error = (time - self.time(of: sample)).seconds
        guard passed > 0, abs(error) <= Self.farthest else { return outlying(sample: sample, at: time, error: error) }
        outliers = 0
        move(to: sample, time, passed: passed)
        sum += 1
        stamps = min(stamps + 1, 1_000)
        scatter += (error * error - scatter) / stamps
        span += passed
        return .taken
    }

    /// When a sample was, or will be, captured.
    public func time(of sample: Int64) -> MonotonicTime {
        let x = Double(sample - originSample) / nominalRate
        return originTime + .nanoseconds(Int64(((x + offset + slope * x) * 1e9).rounded()))
    }

    /// Samples a second by `CLOCK_MONOTONIC`.
    public var rate: Double { nominalRate / (1 + slope) }

    /// How far the card is off; nil until it has been watched for five seconds.
    public var drift: ClockDrift? {
        guard span >= Self.shortest else { return nil }
        let slope = slope
        let error = (scatter / (centeredXX + believedWeight)).squareRoot()
        return ClockDrift(partsPerMillion: -slope / (1 + slope) * 1e6, uncertainty: error * 1e6)
    }

    /// Sxx about the mean.
    private var centeredXX: Double { sum > 0 ? max(0, sumXX - sumX * sumX / sum) : 0 }
    /// b.
    private var slope: Double {
        guard sum > 0 else { return believed }
        return (sumXY - sumX * sumY / sum + believedWeight * believed) / (centeredXX + believedWeight)
    }
    /// a.
    private var offset: Double { sum > 0 ? (sumY - slope * sumX) / sum : 0 }

    /// Lets the weights fall and makes a new stamp the origin; its own x and y are then 0.
    private mutating func move(to sample: Int64, _ time: MonotonicTime, passed: Double) {
        let kept = 1 - min(1, passed / memory.seconds)
        let later = (time - originTime).seconds - passed
        sumXX += passed * (passed * sum - 2 * sumX)
        sumXY += passed * later * sum - passed * sumY - later * sumX
        sumX -= passed * sum
        sumY -= later * sum
        sum *= kept
        sumX *= kept
        sumY *= kept
        sumXX *= kept
        sumXY *= kept
        believedWeight *= kept
        originSample = sample
        originTime = time
    }

    private mutating func outlying(sample: Int64, at time: MonotonicTime, error: Double) -> Observation {
        outliers += 1
        guard outliers >= Self.patience else { return .outlying }
        restart(sample: sample, at: time)
        return .jumped(.nanoseconds(Int64((error * 1e9).rounded())))
    }
}
