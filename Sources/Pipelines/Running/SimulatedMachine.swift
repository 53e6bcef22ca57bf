import Machine
import Media
import Synchronization
import Units

/// A machine that is not there, on a virtual clock: work takes the time and draws the power that it is told.
final class SimulatedMachine: EnergyMeter {
    private struct State {
        /// The energy spent until `time`.
        var energy = Joules.zero
        var time: MonotonicTime
        /// What is drawn since then.
        var power: Watts
    }

    private let clock: VirtualClock
    private let idlePower: Watts
    private let state: Mutex<State>

    /// Makes a machine that draws `idlePower` while it waits.
    init(clock: VirtualClock, idlePower: Watts) {
        self.clock = clock
        self.idlePower = idlePower
        state = Mutex(State(time: clock.now(), power: idlePower))
    }

    let sources = EnergySources(.simulated)

    func reading() -> EnergyReading { EnergyReading(.simulated, draw(more: .zero)) }

    /// Works for `time`, while the whole machine draws `power`; others' work at the same time adds what it draws beyond
    /// the idle power. Called by the thread that has the clock's turn.
    func work(for time: Duration, drawing power: Watts) {
        let more = max(.zero, power - idlePower)
        _ = draw(more: more)
        clock.sleep(until: clock.now() + time)
        _ = draw(more: .zero - more)
    }

    /// Draws so much more from now on; returns the energy spent until now.
    private func draw(more: Watts) -> Joules {
        state.withLock { state in
            let now = clock.now()
            state.energy += state.power * (now - state.time)
            state.time = now
            state.power += more
            return state.energy
        }
    }
}
