/// What it takes to run a candidate that is not the one that ran last, learned for each place that is switched to: a
/// processor with a power setting.
///
/// Candidates that differ in their task alone share what is loaded, so that going from one to the other is no switch.
struct SwitchCosts: Sendable {
    /// What a candidate shares with others.
    struct Place: Sendable, BitwiseCopyable {
        /// What is loaded for it.
        var session: Int32
        /// What is switched to when it runs after another.
        var destination: Int32
    }

    private var estimates: ContiguousArray<SwitchEstimate>
    /// The estimates' values, at hand for each decision.
    private var costs: ContiguousArray<Double>
    private var lastSession: Int32 = -1
    /// How many samples a session has run for, and how many they usually do: a running mean over some 16 stays.
    private var stay = 0.0
    private var meanStay = 1.0

    /// Costs of nothing, for places of these candidates.
    init(count: Int) {
        estimates = ContiguousArray(repeating: SwitchEstimate(), count: count)
        costs = ContiguousArray(repeating: 0, count: count)
    }

    /// Each candidate's place: the first candidate with the same session, and the first with the same destination.
    static func places(of candidates: [Candidate]) -> [Place] {
        candidates.enumerated().map { index, candidate in
            func first(_ isSame: (Candidate) -> Bool) -> Int32 {
                Int32(candidates[..<index].firstIndex(where: isSame) ?? index)
            }
            return Place(
                session: first { ($0.recognizer, $0.setting) == (candidate.recognizer, candidate.setting) },
                destination: first {
                    ($0.setting.processor, $0.setting.power) == (candidate.setting.processor, candidate.setting.power)
                })
        }
    }

    /// The seconds to add to what a candidate takes if it runs next.
    @inline(__always)
    func cost(of place: Place) -> Double {
        place.session == lastSession ? 0 : costs[Int(place.destination)]
    }

    /// The share of a switch that each sample until the next one bears: one over the usual stay, however long the
    /// present one has become.
    var share: Double { 1 / max(meanStay, stay, 1) }

    /// Notes that a candidate ran for `time`, where without a switch `usual` was expected.
    ///
    /// - Returns: What had been expected of the switch.
    mutating func observe(_ place: Place, time: Double, usual: Double, isCensored: Bool) -> Double {
        defer { lastSession = place.session }
        if lastSession == place.session {
            stay += 1
        } else {
            if stay > 0 { meanStay += (stay - meanStay) / 16 }
            stay = 1
        }
        guard lastSession >= 0, lastSession != place.session else { return 0 }
        let destination = Int(place.destination)
        let expected = costs[destination]
        // An inference that was stopped had taken that much at least: it tells something only beyond what was expected.
        if !isCensored || time > usual + expected {
            estimates[destination].observe(time, usual: usual)
            costs[destination] = estimates[destination].value
        }
        return expected
    }
}
