/// What a policy knows at the moment of one decision: the same for every candidate. Seconds throughout.
struct Outlook: Sendable, BitwiseCopyable {
    /// The time left for inference: until the deadline, less the overhead; zero at least.
    var time: Double
    /// The sample's size, relative to the one profiled.
    var size: Double
    /// The time until the next sample.
    var period: Double
    /// ξ's mean.
    var slowdown: Double
    /// 1 / ξ's standard deviation.
    var certainty: Double
    /// Whether probabilities come from what was observed, rather than from a normal distribution.
    var isEmpirical = false
    /// Whether candidates differ in their slow-down.
    var isFactored = false
    /// η: how many more errors than usual to expect.
    var errorRatio = 1.0
    /// The share of a switch's cost that the sample bears which it is made for.
    var switchShare = 1.0
    /// The expected power ratio: drawn over profiled while inferring.
    var powerRatio: Double
    /// What surrounds inference spends beyond waiting, in joules.
    var overheadEnergy = 0.0
    /// φ.
    var idleRatio: Double
    /// The accuracy of a miss.
    var missAccuracy: Double
    /// The accuracy that is wanted; below any where none is.
    var wantedAccuracy = -Double.infinity
    /// Whether it is wanted of each answer that is in time, rather than of all samples in the mean.
    var wantsAccurateAnswers = false
}

/// What is expected of one candidate in an outlook; `Prediction` in the units of the loop.
struct Estimate: Sendable, BitwiseCopyable {
    var time = 0.0
    var probability = 0.0
    var accuracy = 0.0
    var energy = 0.0
    /// The probability that an answer as accurate as wanted is in time; zero where the expected accuracy is to be so and
    /// is not.
    var assurance = 0.0
}
