import Machine
import Media
import Synchronization
import Units

/// A machine that is not there, on a virtual clock: work takes the time and draws the power that it is told.
///
/// Who works at once shares its cores evenly: where more are in use than there are, all go on so much more slowly, and
/// draw so much less.
final class SimulatedMachine: EnergyMeter {
    private struct State {
        /// The energy spent until `time`.
        var energy = Joules.zero
        var time: MonotonicTime
        /// What work on the cores draws beyond waiting, while it has them to itself.
        var power = Watts.zero
        /// What other processors' work draws.
        var elsewhere = Watts.zero
        /// The cores in use.
        var busy = 0

        /// Work begins, or ends where the figures are negative.
        mutating func begin(_ more: Watts, on cores: Int) {
            if cores == 0 { elsewhere += more } else { power += more }
            busy += cores
        }
    }

    private let clock: VirtualClock
    private let condition: RunCondition
    private let idlePower: Watts
    private let cores: Int
    private let state: Mutex<State>

    /// Makes a machine of so many cores that draws `idlePower` while it waits.
    init(clock: VirtualClock, idlePower: Watts, cores: Int = .max) {
        self.clock = clock
        condition = RunCondition(.virtual(clock))
        self.idlePower = idlePower
        self.cores = cores
        state = Mutex(State(time: clock.now()))
    }

    let sources = EnergySources(.simulated)

    func reading() -> EnergyReading { EnergyReading(.simulated, change { _ in }) }

    /// Does work that takes `time` where its cores are its own, while the whole machine draws `power`; others' work at
    /// the same time adds what it draws beyond the idle power. Called by the thread that has the clock's turn.
    ///
    /// - Returns: How long it took.
    @discardableResult
    func work(for time: Duration, drawing power: Watts, on threads: Int = 1) -> Duration {
        let (more, needed) = (max(.zero, power - idlePower), min(threads, cores))
        let begin = clock.now()
        var left = time
        condition.lock()
        defer { condition.unlock() }
        _ = change { $0.begin(more, on: needed) }
        condition.broadcast()
        while left >= .nanoseconds(1) {
            let (now, speed) = (clock.now(), needed > 0 ? speed : 1)
            // A moment is a whole number of nanoseconds: rounded down it might never come.
            let rest = speed == 1 ? left : left / speed + .nanoseconds(1)
            condition.wait(until: now + rest)
            let passed = clock.now() - now
            left -= speed == 1 ? passed : passed * speed
        }
        _ = change { $0.begin(.zero - more, on: -needed) }
        condition.broadcast()
        return clock.now() - begin
    }

    /// How fast all go on that work now, of the speed with cores of their own.
    private var speed: Double { state.withLock { Self.speed($0.busy, cores) } }

    private static func speed(_ busy: Int, _ cores: Int) -> Double { busy > cores ? Double(cores) / Double(busy) : 1 }

    /// Changes what works from now on; returns the energy spent until now.
    private func change(_ body: (inout State) -> Void) -> Joules {
        state.withLock { state in
            let now = clock.now()
            let power = idlePower + state.elsewhere + Watts(state.power.value * Self.speed(state.busy, cores))
            state.energy += power * (now - state.time)
            state.time = now
            body(&state)
            return state.energy
        }
    }
}
