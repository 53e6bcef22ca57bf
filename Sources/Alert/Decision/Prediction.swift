public import Units

/// What a policy expects of a candidate for one sample.
public struct Prediction: Sendable, Hashable {
    /// The expected time of inference.
    public var time: Duration
    /// The probability that the result is out by the deadline, overhead included.
    public var probability: Double
    /// The expected accuracy: the candidate's own if the deadline is met, the goal's `missAccuracy` if not.
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
