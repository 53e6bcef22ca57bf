extension Estimator {
    /// What sets one policy's predictions apart from another's.
    struct Constants: Sendable {
        /// The profiled figure that stands for a candidate's time.
        var time: @Sendable (TimeStatistics) -> Double
        /// The slow-down filter, given the noise that the profile itself shows.
        var slowdown: @Sendable (_ profiledNoise: Double) -> SlowdownFilter.Constants
        /// What φ is a ratio to. `true`: to each candidate's own power (p' = p), as in the paper, where a power cap
        /// governs both. `false`: to the candidates' mean power (p' the same for all), so that one machine idles at one
        /// power whichever candidate ran before.
        var idlesAtCandidatePower: Bool
        /// Whether measured energies correct the profiled power (π), or π stays 1 as in the paper.
        var learnsPower: Bool
        /// Whether what a switch takes is learned (c), or held to be nothing as in the paper.
        var learnsSwitches: Bool
        /// Whether how far times lie from the expected one counts, or the expected one alone.
        var usesVariance = true
        /// What of heed's own is used.
        var ideas: Ideas = []
    }

    /// A candidate, in the units of the loop: seconds and watts.
    struct Row: Sendable, BitwiseCopyable {
        var time: Double
        /// The shortest time it was ever seen to take while profiled.
        var least: Double
        /// How much longer it takes for each unit of size beyond 1, as a share of its time.
        var growth: Double
        var power: Double
        var idlePower: Double
        var accuracy: Double
        /// Where its stages lie in `stages`; none for a candidate that answers once.
        var firstStage: Int32 = 0
        var stageCount: Int32 = 0
        /// What it shares with others, for what it takes to switch to it.
        var place: SwitchCosts.Place
        /// What tells its slow-down from others'.
        var traits: SlowdownModel.Traits
        /// Whose answers its first one is like.
        var answers: Int32

        /// How many times as long as profiled a sample of this size takes.
        @inline(__always)
        func scale(_ size: Double) -> Double { CandidateProfile.scale(growth: growth, size: size) }
    }

    /// A stage of a candidate that answers in stages.
    struct Stage: Sendable, BitwiseCopyable {
        var time: Double
        var accuracy: Double
    }
}
