import Dispatch
import Synchronization
import Units

/// A meter that adds up the machine's own sensors.
///
/// The estimate stands in for the processor where no sensor covers it, and for all sensors of the processor or the
/// machine while one of them has no figure. The sources say so, and the listener is told once. A graphics card is not
/// counted while its sensor has no figure.
public final class SensorMeter: EnergyMeter {
    private struct State {
        /// What was counted so far.
        var total: EnergyReading
        /// What the model had said at the last reading.
        var estimate: Joules
        /// The counters of which a failure was told.
        var told: Set<Int> = []
        var listener: (@Sendable (String) -> Void)?
    }

    /// Those that together measure the processor or the machine; none where nothing does.
    private let base: [any EnergyCounter]
    /// Those that each measure something beside it.
    private let others: [any EnergyCounter]
    private let estimate: EstimatedEnergyMeter
    private let state: Mutex<State>
    /// Set once, and only cancelled after that.
    private nonisolated(unsafe) let timer: any DispatchSourceTimer

    /// Makes a meter of counters that nothing else reads, and begins to ask them.
    init(base: [any EnergyCounter], others: [any EnergyCounter], model: PowerModel) {
        self.base = base
        self.others = others
        estimate = EstimatedEnergyMeter(model: model)
        let sources = (base + others).reduce(into: base.isEmpty ? EnergySources(.estimated) : []) {
            $0.insert(EnergySources($1.source))
        }
        state = Mutex(State(total: EnergyReading(sources), estimate: estimate.energy()))
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "heed-meters"))
        let interval = (base + others).map(\.interval).min() ?? .seconds(60)
        timer.schedule(
            deadline: .now() + .nanoseconds(Int(interval.nanoseconds)),
            repeating: .nanoseconds(Int(interval.nanoseconds)))
        timer.setEventHandler { [weak self] in self?.refresh() }
        timer.resume()
    }

    deinit { timer.cancel() }

    public var sources: EnergySources { state.withLock { $0.total.sources } }

    public func tell(_ listener: @escaping @Sendable (String) -> Void) { state.withLock { $0.listener = listener } }

    public func reading() -> EnergyReading {
        let (reading, news) = state.withLock { read(&$0) }
        // Whoever listens may take its time: not under the lock.
        for news in news { news.listener(news.words) }
        return reading
    }

    /// Asks slow devices, and reads those whose counts would wrap around unseen.
    func refresh() {
        for counter in base { counter.refresh() }
        for counter in others { counter.refresh() }
        _ = reading()
    }

    private typealias News = (listener: @Sendable (String) -> Void, words: String)

    private func read(_ state: inout State) -> (EnergyReading, [News]) {
        let now = Duration.monotonic()
        let estimated = estimate.energy()
        var sources: EnergySources = []
        var span = EnergyReading()
        var isWhole = !base.isEmpty
        var failed: [(index: Int, failure: CounterFailure)] = []
        for (index, counter) in base.enumerated() {
            do throws(CounterFailure) {
                guard let spent = try counter.spent(at: now) else {
                    isWhole = false
                    continue
                }
                span[counter.source] += spent
                sources.insert(EnergySources(counter.source))
            } catch {
                isWhole = false
                failed.append((index, error))
            }
        }
        if isWhole {
            state.total += span
        } else {
            // Part of a processor or a machine would look like all of it.
            state.total[.estimated] += max(.zero, estimated - state.estimate)
            sources = EnergySources(.estimated)
        }
        for (index, counter) in others.enumerated() {
            do throws(CounterFailure) {
                guard let spent = try counter.spent(at: now) else { continue }
                state.total[counter.source] += spent
                sources.insert(EnergySources(counter.source))
            } catch {
                failed.append((base.count + index, error))
            }
        }
        state.estimate = estimated
        state.total = state.total.counted(by: sources)
        return (state.total, failed.compactMap { news(of: $0.failure, at: $0.index, &state) })
    }

    /// What is to be said of a failure, unless it was said before or nobody listens.
    private func news(of failure: CounterFailure, at index: Int, _ state: inout State) -> News? {
        guard let listener = state.listener, state.told.insert(index).inserted else { return nil }
        let isBase = index < base.count
        let counter = isBase ? base[index] : others[index - base.count]
        return (
            listener,
            "energy: \(counter.source.rawValue) \(counter.name) \(failure); "
                + (isBase ? "energy is estimated while that lasts" : "it is not counted while that lasts")
        )
    }
}
