import Synchronization
import Units

/// A device that takes long to answer: it is asked at intervals on a thread of the meter's.
///
/// Until the next answer it is taken to draw what it drew at the last one.
final class SampledCounter: EnergyCounter {
    /// What a device answers.
    enum Sample {
        /// What it draws.
        case power(Watts)
        /// What it has counted since a moment of its own.
        case energy(Joules)
    }

    fileprivate struct State {
        /// The energy until `time`, and what is drawn since.
        var energy: Joules
        var power: Watts
        var time: Duration
        /// The device's own count at `time`, where it counts.
        var count: Joules?
        /// The energy that was told so far.
        var told: Joules
        /// Whether what was drawn before is not known, and nothing was told since.
        var isNew = false
    }

    /// After so many intervals without an answer nothing is known.
    private static let patience = 10

    let source: EnergySource
    let name: String
    let interval: Duration
    private let sample: @Sendable () throws(CounterFailure) -> Sample
    private let state: Mutex<(known: State?, failure: CounterFailure?)>

    /// Makes a counter and asks the device once.
    ///
    /// - Parameter sample: May wait for the device; is called by one thread at a time.
    init(
        _ source: EnergySource, name: String, interval: Duration,
        sample: @escaping @Sendable () throws(CounterFailure) -> Sample
    ) throws(CounterFailure) {
        self.source = source
        self.name = name
        self.interval = interval
        self.sample = sample
        let first = try Self.checked(sample())
        state = Mutex((Self.begun(first, at: .monotonic()), nil))
    }

    private static func begun(_ sample: Sample, at now: Duration) -> State {
        switch sample {
        case .power(let power): State(energy: .zero, power: power, time: now, told: .zero)
        case .energy(let count): State(energy: .zero, power: .zero, time: now, count: count, told: .zero)
        }
    }

    private static func checked(_ sample: Sample) throws(CounterFailure) -> Sample {
        if case .power(let power) = sample, !Plausibility.allows(power) { throw .implausible }
        return sample
    }

    func refresh() {
        do {
            let sample = try Self.checked(sample())
            let now = Duration.monotonic()
            state.withLock { state in
                state.failure = nil
                // A first answer, or one of a device that was reset and counts from 0 again.
                if state.known?.take(sample, at: now) != true {
                    state.known = Self.begun(sample, at: now)
                    state.known?.isNew = true
                }
            }
        } catch {
            state.withLock { $0 = (nil, error) }
        }
    }

    func spent(at now: Duration) throws(CounterFailure) -> Joules? {
        try state.withLock { state throws(CounterFailure) in
            if let failure = state.failure { throw failure }
            guard var known = state.known else { return nil }
            if now - known.time > interval * Self.patience {
                state.known = nil
                throw .silent
            }
            let energy = known.energy + known.power * max(.zero, now - known.time)
            let spent = max(.zero, energy - known.told)
            known.told += spent
            let isNew = known.isNew
            known.isNew = false
            state.known = known
            // Part of the time since the last reading would look like all of it.
            return isNew ? nil : spent
        }
    }
}

extension SampledCounter.State {
    /// Takes in an answer; false when it does not follow from the one before.
    fileprivate mutating func take(_ sample: SampledCounter.Sample, at now: Duration) -> Bool {
        let passed = now - time
        switch sample {
        case .power(let now):
            energy += power * passed
            power = now
        case .energy(let counted):
            guard let count, passed > .zero, Plausibility.allows(counted - count, over: passed) else { return false }
            energy += counted - count
            power = (counted - count) / passed
            self.count = counted
        }
        time = now
        return true
    }
}
