public import Alert
private import Glibc
public import Units

/// A machine that does not exist, with laws of latency, power and accuracy in place of recognisers: 6 recognisers, two
/// of which answer in four stages, under 31 power caps from 40 to 100 W.
///
/// The laws and where they come from are in `docs/traces.md`. Whatever is made here says `simulated`.
public struct SimulatedPlatform: Sendable {
    /// The power caps, in watts.
    public static let caps = (0...30).map { 40 + 2 * Double($0) }
    /// The power drawn while nothing runs.
    public static let idlePower = Watts(16)
    /// What the package draws at any clock once it computes.
    static let staticPower = 24.0
    /// How power above the static grows with the clock: voltage falls with it, though not all the way.
    static let powerExponent = 2.2

    /// The seed of what is left to chance.
    public let seed: UInt64
    /// What `heed profile` would have measured.
    public let profile: Profile

    private struct Run: Sendable {
        var recognizer: Int
        /// How much longer than at full power the clock's share takes.
        var stretch: Double
        var power: Double
        var cap: Double
    }

    private let runs: [Run]

    /// Makes the platform, and profiles it in the way `heed profile` does: nothing beside it, 200 runs, taking turns.
    public init(seed: UInt64) {
        self.seed = seed
        let recognizers = SimulatedRecognizer.all
        var runs: [Run] = []
        for recognizer in recognizers.indices {
            for cap in Self.caps {
                let demand = recognizers[recognizer].demand
                let share = min((cap - Self.staticPower) / (demand - Self.staticPower), 1)
                runs.append(
                    Run(
                        recognizer: recognizer, stretch: 1 / pow(share, 1 / Self.powerExponent),
                        power: min(cap, demand), cap: cap))
            }
        }
        self.runs = runs
        var chance = SimulatedChance(seed: seed ^ 0x70726F66696C65)
        let rounds = (0..<200).map { _ in chance.disturbance(recognizers: recognizers.count) }
        let candidates = runs.map { run -> CandidateProfile in
            let recognizer = recognizers[run.recognizer]
            let stages = recognizer.stages.map { stage in
                let times = rounds.map { round in
                    Duration.nanoseconds(
                        Int64(1e9 * Self.seconds(stage, recognizer, run.stretch, .idle, 0) * round[run.recognizer]))
                }
                return StageProfile(time: TimeStatistics(samples: times), accuracy: stage.accuracy)
            }
            let last = stages[stages.count - 1]
            return CandidateProfile(
                candidate: Candidate(
                    recognizer: recognizer.name,
                    setting: Setting(processor: "simulated", threads: 1, power: "\(Int(run.cap))W")),
                time: last.time, power: Watts(run.power), accuracy: last.accuracy,
                stages: stages.count > 1 ? stages : [])
        }
        profile = Profile(
            machine: ["simulated": "platform of heed bench"], models: [:],
            energySource: "simulated", idlePower: Self.idlePower, candidates: candidates)
    }

    private static func seconds(
        _ stage: SimulatedRecognizer.Stage, _ recognizer: SimulatedRecognizer, _ stretch: Double,
        _ environment: SimulatedEnvironment, _ level: Double
    ) -> Double {
        let clock = recognizer.clockShare * stretch * (1 + level * environment.clockSlowdown)
        let memory = (1 - recognizer.clockShare) * (1 + level * environment.memorySlowdown)
        return stage.milliseconds * 1e-3 * (clock + memory)
    }

    /// What each candidate would have taken and given for each of so many inputs, in an environment.
    ///
    /// The same seed gives the same trace to the last bit; environments differ in the co-runner alone.
    /// - Throws: `TracesError` with code `damaged` for figures beyond what a trace can hold.
    public func trace(_ environment: SimulatedEnvironment, samples: Int) throws(TracesError) -> Trace {
        let header = TraceHeader(
            origin: .simulated, environment: environment.rawValue, seed: seed, source: "simulated inputs",
            hasConfidence: true, profile: profile)
        try header.check()
        let recognizers = SimulatedRecognizer.all
        let layout = TraceLayout(header)
        var figures = ContiguousArray<Float>()
        figures.reserveCapacity(samples * layout.columns)
        var chance = SimulatedChance(seed: seed)
        let answers = SimulatedAnswers(recognizers, inputs: samples, seed: seed)
        for input in 0..<samples {
            let level = chance.coRunner()
            let disturbance = chance.disturbance(recognizers: recognizers.count)
            let draw = level > 0 ? environment.draw : 0
            figures.append(Float((Self.idlePower.value + draw) * chance.idleNoise()))
            figures.append(1)
            figures.append(0)
            figures.append(0)
            for run in runs {
                let recognizer = recognizers[run.recognizer]
                let power = min(run.power + draw, run.cap)
                for (stage, answer) in zip(recognizer.stages, answers[run.recognizer]) {
                    let seconds =
                        Self.seconds(stage, recognizer, run.stretch, environment, level) * disturbance[run.recognizer]
                    figures.append(Float(seconds))
                    figures.append(Float(seconds * power))
                    figures.append(answer[input].isRight ? 1 : 0)
                    figures.append(Float(answer[input].confidence))
                }
            }
        }
        return Trace(header: header, layout: layout, figures: figures)
    }
}
