import Units

/// What it takes to run a candidate that is not the one that ran last, learned for each processor that is switched to,
/// and apart from it for each power setting.
///
/// Candidates that differ in their task or their power setting alone share what is loaded, so that going from one to
/// the other switches nothing but the power setting, if that.
struct SwitchCosts: Sendable {
    /// What a candidate shares with others.
    struct Place: Sendable, BitwiseCopyable {
        /// What is loaded for it.
        var session: Int32
        /// The processor, which is switched to when it runs after another.
        var destination: Int32
        /// The machine's power setting.
        var power: Int32
    }

    /// What a switch was expected to take.
    struct Expected {
        var seconds = 0.0
        /// Whether the machine had to follow another power setting: then the time says how it does, and nothing else.
        var isSettling = false
    }

    private var estimates: ContiguousArray<SwitchEstimate>
    /// The estimates' values, at hand for each decision.
    private var costs: ContiguousArray<Double>
    private var settlings: ContiguousArray<SwitchEstimate>
    private var settleCosts: ContiguousArray<Double>
    /// Whether any power setting takes time to hold; where none does, a change of them is no switch.
    private let settles: Bool
    private var lastSession: Int32 = -1
    private var lastPower: Int32
    /// How many samples a session has run for, and how many they usually do: a running mean over some 16 stays.
    private var stay = 0.0
    private var meanStay = 1.0

    /// Costs of nothing but the time that the machine takes to follow a power setting, as far as it was measured.
    init(_ candidates: [CandidateProfile], places: [Place]) {
        estimates = ContiguousArray(repeating: SwitchEstimate(), count: candidates.count)
        costs = ContiguousArray(repeating: 0, count: candidates.count)
        // Back to the machine as it was found takes as long as away from it.
        let longest = candidates.reduce(0) { max($0, $1.settleTime.seconds) }
        settlings = ContiguousArray(
            candidates.map { candidate in
                SwitchEstimate(
                    prior: candidate.candidate.setting.power == nil ? longest : candidate.settleTime.seconds)
            })
        settleCosts = ContiguousArray(settlings.map(\.value))
        settles = longest > 0
        // A run begins with the machine as it was found.
        let asFound = candidates.firstIndex { $0.candidate.setting.power == nil }
        lastPower = asFound.map { places[$0].power } ?? -1
    }

    /// Each candidate's place: the first candidate with the same session, destination and power setting.
    static func places(of candidates: [Candidate]) -> [Place] {
        candidates.enumerated().map { index, candidate in
            func first(_ isSame: (Candidate) -> Bool) -> Int32 {
                Int32(candidates[..<index].firstIndex(where: isSame) ?? index)
            }
            return Place(
                session: first {
                    ($0.recognizer, $0.setting.withoutPower) == (candidate.recognizer, candidate.setting.withoutPower)
                },
                destination: first { $0.setting.processor == candidate.setting.processor },
                power: first { $0.setting.power == candidate.setting.power })
        }
    }

    /// The seconds to add to what a candidate takes if it runs next.
    @inline(__always)
    func cost(of place: Place) -> Double {
        (place.session == lastSession ? 0 : costs[Int(place.destination)])
            + (place.power == lastPower ? 0 : settleCosts[Int(place.power)])
    }

    /// The share of a switch that each sample until the next one bears: one over the usual stay, however long the
    /// present one has become.
    var share: Double { 1 / max(meanStay, stay, 1) }

    /// Notes that a candidate ran for `time`, where without a switch `usual` was expected.
    ///
    /// - Returns: What had been expected of the switch.
    mutating func observe(_ place: Place, time: Double, usual: Double, isCensored: Bool) -> Expected {
        defer { (lastSession, lastPower) = (place.session, place.power) }
        let isOtherSession = lastSession >= 0 && lastSession != place.session
        if lastSession == place.session {
            stay += 1
        } else {
            if stay > 0 { meanStay += (stay - meanStay) / 16 }
            stay = 1
        }
        let (destination, power) = (Int(place.destination), Int(place.power))
        var expected = Expected(seconds: isOtherSession ? costs[destination] : 0)
        if settles, lastPower != place.power {
            let before = usual + expected.seconds
            expected.seconds += settleCosts[power]
            expected.isSettling = true
            if !isCensored || time > usual + expected.seconds {
                settlings[power].observe(time, usual: before)
                settleCosts[power] = settlings[power].value
            }
        } else if isOtherSession, !isCensored || time > usual + expected.seconds {
            // An inference that was stopped had taken that much at least: it tells something only beyond what was
            // expected.
            estimates[destination].observe(time, usual: usual)
            costs[destination] = estimates[destination].value
        }
        return expected
    }
}
