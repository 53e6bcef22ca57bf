/// What one stage of a recogniser that answers in stages takes and yields.
public struct StageProfile: Sendable, Hashable, Codable {
    /// The time from the beginning of the inference to this stage's answer.
    public var time: TimeStatistics
    /// The share of samples this stage's answer gets right, 0…1.
    public var accuracy: Double

    /// Makes a stage's profile.
    public init(time: TimeStatistics, accuracy: Double) {
        self.time = time
        self.accuracy = accuracy
    }
}
