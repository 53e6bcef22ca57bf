import Alert
import Glibc
import Units

extension SeededGenerator {
    mutating func uniform(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + share() * (range.upperBound - range.lowerBound)
    }

    /// A standard normal number (Box-Muller).
    mutating func normal() -> Double { (-2 * log(1 - share())).squareRoot() * cos(2 * .pi * share()) }
}

/// Φ, from the C library.
func exactNormal(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

extension TimeStatistics {
    /// Statistics of a steady candidate: every run within a few per cent of the median.
    static func steady(_ median: Double) -> TimeStatistics {
        TimeStatistics(
            runs: 100, median: median, mean: median * 1.01, minimum: median * 0.97, p90: median * 1.03,
            p95: median * 1.04, p99: median * 1.08, maximum: median * 1.2, standardDeviation: median * 0.02)
    }
}

extension CandidateProfile {
    init(_ recognizer: String, threads: Int = 2, milliseconds: Double, watts: Double, accuracy: Double) {
        self.init(
            candidate: Candidate(recognizer: recognizer, setting: Setting(threads: threads)),
            time: .steady(milliseconds), power: Watts(watts), accuracy: accuracy)
    }

    /// Three sizes, each slower, hungrier and more accurate than the last.
    static let sizes = [
        CandidateProfile("small", milliseconds: 10, watts: 10, accuracy: 0.70),
        CandidateProfile("medium", milliseconds: 20, watts: 10, accuracy: 0.80),
        CandidateProfile("large", milliseconds: 40, watts: 10, accuracy: 0.90),
    ]

    /// A table of unrelated figures.
    /// - Parameter stages: whether each fourth one answers in stages.
    static func random(
        _ count: Int, stages: Bool = false, using generator: inout SeededGenerator
    ) -> [CandidateProfile] {
        (0..<count).map { index in
            var profile = CandidateProfile(
                "r\(index)", threads: 1 + index % 4, milliseconds: generator.uniform(3...80),
                watts: generator.uniform(3...30), accuracy: generator.uniform(0.5...0.95))
            if stages, index % 4 == 0 {
                let first = StageProfile(time: .steady(profile.time.median / 2), accuracy: profile.accuracy - 0.1)
                profile.stages = [first, StageProfile(time: profile.time, accuracy: profile.accuracy)]
            }
            return profile
        }
    }
}

extension Goal {
    static func mostAccurate(_ milliseconds: Int, energy: Double? = nil) throws -> Goal {
        try Goal(deadline: .milliseconds(milliseconds), objective: .minimizeError(energy: energy.map { Joules($0) }))
    }

    static func leastEnergy(_ milliseconds: Int, accuracy: Double) throws -> Goal {
        try Goal(deadline: .milliseconds(milliseconds), objective: .minimizeEnergy(accuracy: accuracy))
    }
}

extension Policy {
    /// Lets every inference take its profiled median for a while, so that the slow-down settles at 1.
    mutating func settle(_ count: Int = 100) {
        for index in 0..<count {
            let candidate = index % candidates.count
            observe(Observation(candidate: candidate, time: .milliseconds(candidates[candidate].time.median)))
        }
    }
}

extension Duration {
    static func milliseconds(_ value: Double) -> Duration { .nanoseconds(Int64(value * 1e6)) }
}
