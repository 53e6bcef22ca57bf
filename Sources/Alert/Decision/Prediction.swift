public import Units

/// What a policy expects of a candidate for one sample.
public struct Prediction: Sendable, Hashable {
    /// The expected time of inference; for a recogniser that answers in stages, until it is done or stopped.
    public var time: Duration
    /// The probability that a result is out by the deadline, overhead included: the first stage's where there are some.
    public var probability: Double
    /// The expected accuracy: the candidate's own if the deadline is met, the goal's `missAccuracy` if not. Over
    /// stages, that of the last one done by the deadline.
    public var accuracy: Double
    /// The expected energy of the inference and of the wait for the next sample.
    public var energy: Joules

    /// Makes a prediction.
    public init(time: Duration, probability: Double, accuracy: Double, energy: Joules) {
        self.time = time
        self.probability = probability
        self.accuracy = accuracy
        self.energy = energy
    }
}
