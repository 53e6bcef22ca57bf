import Alert
import Machine
import Media
import Synchronization
import Units

/// The budget of power that a run's streams share, kept by what the machine's meter says.
final class SharedBudget: Sendable {
    private struct State {
        var budget: PowerBudget
        var energy: Joules
        var time: MonotonicTime
    }

    private let meter: any EnergyMeter
    private let clock: RunClock
    private let state: Mutex<State>

    /// Begins to keep a budget.
    init(_ power: Watts, meter: any EnergyMeter, clock: RunClock) {
        self.meter = meter
        self.clock = clock
        state = Mutex(State(budget: PowerBudget(power), energy: meter.read(), time: clock.now()))
    }

    /// What a joule costs in accuracy now; asked for each choice of any stream.
    func price() -> Double {
        state.withLock { state in
            let (energy, now) = (meter.read(), clock.now())
            state.budget.note(energy - state.energy, over: now - state.time)
            (state.energy, state.time) = (energy, now)
            return state.budget.price
        }
    }
}
