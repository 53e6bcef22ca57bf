import Alert
import Units

/// A run on a simulated machine: one that is exactly as profiled, and does nothing else.
///
/// Recognisers really run, for their answers; the time and the energy that this takes come from the profile. All else
/// takes no time. Streams that infer at once share the machine's cores.
struct Simulation {
    /// What the random numbers begin with.
    let seed: UInt64
    /// What the run goes by.
    let clock: RunClock
    /// What spends energy.
    let machine: SimulatedMachine
    /// How long inferences of frames take; what is drawn for them does not depend on whether there is speech.
    let frames: SimulatedInference
    /// How long inferences of speech take.
    let speech: SimulatedInference

    /// A simulation whose random numbers begin with `seed`, of a machine with so many cores.
    init(seed: UInt64, idlePower: Watts, cores: Int = .max) {
        self.seed = seed
        let virtual = VirtualClock()
        clock = .virtual(virtual)
        machine = SimulatedMachine(clock: virtual, idlePower: idlePower, cores: cores)
        var seeds = SeededGenerator(seed: seed)
        frames = SimulatedInference(machine: machine, random: SeededGenerator(seed: seeds.next()))
        speech = SimulatedInference(machine: machine, random: SeededGenerator(seed: seeds.next()))
    }
}

/// Says how long inferences take on a simulated machine, and lets so much time go by.
struct SimulatedInference {
    /// What a recogniser hears that runs again on parts of its input, for want of words: about half.
    private static let sizeOfParts = 0.5
    /// No profile that was measured has longer times; one that was written by hand must not outrun the clock.
    private static let longest = Duration.seconds(3600)

    let machine: SimulatedMachine
    var random: SeededGenerator

    /// Gives an inference that was made a time of the profile, and waits until it has passed.
    ///
    /// - Parameter limit: What stops stages that were done without one.
    mutating func run(
        _ inference: inout Inference, as candidate: CandidateProfile, size: Double, within limit: StageLimit? = nil
    ) {
        inference.time = .zero
        if let limit {
            let share = random.share()
            let times = candidate.stages.map { Duration.milliseconds($0.time.quantile(share)) }
            inference.stop(at: limit, of: times)
            work(&inference, candidate)
            return
        }
        for run in 0..<inference.runs {
            let time = candidate.time(share: random.share(), size: run == 0 ? size : size * Self.sizeOfParts)
            inference.time += min(time, Self.longest)
        }
        work(&inference, candidate)
    }

    /// Lets an inference's time pass, which is longer where others use the same cores.
    private func work(_ inference: inout Inference, _ candidate: CandidateProfile) {
        let time = inference.time
        let elapsed = machine.work(for: time, drawing: candidate.power, on: Demand(candidate.candidate).cores)
        guard elapsed > time, time > .zero else { return }
        inference.stageTimes = inference.stageTimes.map { $0 * (elapsed / time) }
        inference.time = elapsed
    }
}

extension Inference {
    /// Makes of an inference whose stages were done what it would have been within a limit, had they taken these times.
    fileprivate mutating func stop(at limit: StageLimit, of times: [Duration]) {
        var done: [Duration] = []
        time = .zero
        for stage in stageTimes.indices where stage == done.count && limit.allows(stage, after: time) {
            time = stage == 0 ? times[stage] : min(times[stage], max(limit.left, time))
            if time == times[stage] { done.append(time) }
        }
        if done.count < stageTimes.count { endedSure = false }
        stageTimes = done
    }
}
