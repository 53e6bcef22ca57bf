import Units

/// One thing that counts energy: a zone of the processor, a graphics card, the batteries.
protocol EnergyCounter: Sendable {
    /// Where its figures come from.
    var source: EnergySource { get }
    /// What it measures, such as `package-0`.
    var name: String { get }
    /// How often ``refresh()`` is to be called.
    var interval: Duration { get }

    /// Asks the device, where that may take long; never called on a thread that recognises.
    func refresh()

    /// The energy spent since the call before; nil when nothing is known of that span but the count goes on from here.
    ///
    /// - Parameter now: The present moment on `CLOCK_MONOTONIC`.
    func spent(at now: Duration) throws(CounterFailure) -> Joules?
}

/// Tells figures of energy from nonsense by what no machine that runs heed exceeds.
enum Plausibility {
    private static let most = Watts(10_000)
    /// A counter may give at once what was spent since its last update.
    private static let slack = Duration.seconds(1)

    /// Whether a device may draw so much.
    static func allows(_ power: Watts) -> Bool { power >= .zero && power <= most }

    /// Whether so much may be spent in so long a time.
    static func allows(_ energy: Joules, over time: Duration) -> Bool {
        energy >= .zero && energy <= most * (time + slack)
    }
}

/// Why a counter has no figure.
enum CounterFailure: Error, Hashable, CustomStringConvertible {
    /// Reading its file failed with this `errno`.
    case unreadable(Int32)
    /// Its file is empty.
    case empty
    /// Its file does not hold a number.
    case malformed
    /// It moved by more than any machine can spend.
    case implausible
    /// It has not answered for long.
    case silent
    /// What it says is of no use now, for this reason.
    case useless(String)

    var description: String {
        switch self {
        case .unreadable(let number): "cannot be read: \(errorText(number))"
        case .empty: "holds nothing any more"
        case .malformed: "does not hold a number"
        case .implausible: "jumped by more than a machine can spend"
        case .silent: "has not answered for long"
        case .useless(let reason): reason
        }
    }
}
