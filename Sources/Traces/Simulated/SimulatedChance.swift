private import Glibc
import Units

/// What is left to chance on the simulated platform, from a seed.
struct SimulatedChance: Sendable {
    /// How many inputs the co-runner stays, and stays away, on average.
    static let phase = 60.0
    /// How far single runs scatter, relative to their median.
    static let noise = 0.03
    /// How far recognisers scatter beside each other.
    static let ownNoise = 0.005
    /// How many runs stall, and how heavy the tail of their times is (Pareto).
    static let stalls = 0.015
    static let tailExponent = 1.8
    static let longestStall = 5.0

    private var moment: SeededGenerator
    private var phases: SeededGenerator
    private var isOn = false
    private var level = 1.0

    init(seed: UInt64) {
        moment = SeededGenerator(seed: seed)
        phases = SeededGenerator(seed: seed ^ 0x636F2D72756E)
    }

    /// How much of the co-runner there is for the next input: 0 while it is away, about 1 while it runs.
    mutating func coRunner() -> Double {
        if phases.share() < 1 / Self.phase {
            isOn.toggle()
            level = 0.7 + 0.6 * phases.share()
        }
        return isOn ? level : 0
    }

    /// How much longer than its median each recogniser takes at one moment: what disturbs one then disturbs all,
    /// because the moment is the same whichever was chosen.
    mutating func disturbance(recognizers: Int) -> [Double] {
        var common = exp(Self.noise * moment.normal())
        let isStall = moment.share() < Self.stalls
        let tail = pow(1 - moment.share(), -1 / Self.tailExponent)
        if isStall { common *= min(1 + 0.2 * tail, Self.longestStall) }
        return (0..<recognizers).map { _ in common * exp(Self.ownNoise * moment.normal()) }
    }

    /// How far the waiting machine's power lies from its mean.
    mutating func idleNoise() -> Double { exp(0.02 * moment.normal()) }
}

extension SeededGenerator {
    /// A number from the standard normal distribution (Box and Muller).
    mutating func normal() -> Double {
        let (radius, angle) = (1 - share(), share())
        return (-2 * log(radius)).squareRoot() * cos(2 * .pi * angle)
    }
}

/// Which inputs each stage gets right, and how sure it is.
///
/// Inputs come in scenes that are easy or hard for all; whom an input is easy for depends a little on the recogniser,
/// and less on the stage. Over all inputs a stage gets right exactly the share that it claims, to one input.
struct SimulatedAnswers: Sendable {
    struct Answer: Sendable {
        var isRight: Bool
        var confidence: Double
    }

    private var answers: [[[Answer]]] = []

    init(_ recognizers: [SimulatedRecognizer], inputs: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed ^ 0x616E7377657273)
        var scene = generator.normal()
        let difficulty = (0..<inputs).map { _ -> Double in
            if generator.share() < 1.0 / 40 { scene = generator.normal() }
            return 0.6 * scene + 0.65 * generator.normal()
        }
        for recognizer in recognizers {
            let own = (0..<inputs).map { _ in 0.35 * generator.normal() }
            var ofStages: [[Answer]] = []
            for stage in recognizer.stages {
                let scores = difficulty.indices.map { difficulty[$0] + own[$0] + 0.2 * generator.normal() }
                var rank = [Int](repeating: 0, count: inputs)
                for (place, input) in scores.indices.sorted(by: { scores[$0] < scores[$1] }).enumerated() {
                    rank[input] = place
                }
                let right = Int((stage.accuracy * Double(inputs)).rounded())
                ofStages.append(
                    rank.map { place in
                        let margin = Double(right - place) / Double(inputs)
                        let sureness = 6 * margin + 0.8 * generator.normal()
                        return Answer(isRight: place < right, confidence: 1 / (1 + exp(-sureness)))
                    })
            }
            answers.append(ofStages)
        }
    }

    /// For each stage of a recogniser its answers to all inputs.
    subscript(recognizer: Int) -> [[Answer]] { answers[recognizer] }
}
