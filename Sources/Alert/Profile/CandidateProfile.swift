public import Units

/// What one candidate takes and yields on the machine it was measured on, with nothing else running.
public struct CandidateProfile: Sendable, Hashable, Codable {
    /// The candidate.
    public var candidate: Candidate
    /// How long one inference takes.
    public var time: TimeStatistics
    /// The mean power drawn while it infers.
    public var power: Watts
    /// The share of samples it gets right, 0…1.
    public var accuracy: Double

    /// Makes a candidate's profile.
    public init(candidate: Candidate, time: TimeStatistics, power: Watts, accuracy: Double) {
        self.candidate = candidate
        self.time = time
        self.power = power
        self.accuracy = accuracy
    }

    private enum CodingKeys: String, CodingKey {
        case candidate
        case time
        case power = "power_w"
        case accuracy
    }

    /// Refuses figures that no measurement can have given, since they may come from a file anyone can edit.
    func check() throws(AlertError) {
        func refuse(_ figure: String, _ value: Double, _ wanted: String) -> AlertError {
            AlertError(
                .invalidProfile,
                "profile of \(candidate.name): \(figure) is \(value), expected \(wanted); profile the machine again")
        }
        let times = [
            ("median_ms", time.median), ("mean_ms", time.mean), ("minimum_ms", time.minimum), ("p95_ms", time.p95),
        ]
        for (figure, value) in times where !(value > 0 && value.isFinite) {
            throw refuse(figure, value, "a time above 0 ms")
        }
        guard power.value >= 0, power.value.isFinite else { throw refuse("power_w", power.value, "0 W or more") }
        guard (0...1).contains(accuracy) else { throw refuse("accuracy", accuracy, "a share between 0 and 1") }
    }
}
