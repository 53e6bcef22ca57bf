import Units

/// Profiles of candidates that were not measured, estimated from those that were.
///
/// Times and powers are those of a `LogAdditiveTable` with a row for each recogniser and task and a column for each
/// setting. How times scatter around their median, and how they grow with size, is taken from the measured ones.
public struct ProfileEstimate: Sendable {
    /// The estimated profiles, in the order asked for; their accuracy is for the caller to fill in.
    public let candidates: [CandidateProfile]
    /// By which share the median time of each measured candidate is missed when it is left out of the estimate, where
    /// the others suffice to make one.
    public let errors: [Double]

    /// Estimates the profiles of `missing` from those of `measured`.
    ///
    /// - Throws: `AlertError` with code `invalidProfile` when there are too few measured ones, or their figures make no
    ///   sense.
    public init(of missing: [Candidate], from measured: [CandidateProfile]) throws(AlertError) {
        let layout = Layout(measured.map(\.candidate) + missing)
        func table(_ figure: (CandidateProfile) -> Double) -> [[Double?]] {
            var cells = layout.emptyCells
            for profile in measured {
                let (row, column) = layout.place(of: profile.candidate)
                cells[row][column] = figure(profile)
            }
            return cells
        }
        let times = table { $0.time.median }
        let medians = try LogAdditiveTable(times)
        // A power that no meter saw would have no logarithm.
        let powers = try LogAdditiveTable(table { max($0.power.value, 1e-6) })
        let shape = TimeShape(measured)
        candidates = missing.map { candidate in
            let (row, column) = layout.place(of: candidate)
            let alike = measured.filter { layout.row(of: $0.candidate) == row }
            let growth = alike.reduce(0) { $0 + $1.growth } / Double(max(alike.count, 1))
            return CandidateProfile(
                candidate: candidate, time: shape.statistics(median: medians[row, column]), growth: growth,
                power: Watts(powers[row, column]), accuracy: 0, isMeasured: false)
        }
        errors = LogAdditiveTable.leaveOutErrors(of: times, at: measured.map { layout.place(of: $0.candidate) })
    }

    /// Which candidates to measure so that the others can be estimated: one recogniser with all settings, all with one
    /// setting, and of the rest one in five, 2 at least, drawn with `seed`.
    public static func sample(of candidates: [Candidate], seed: UInt64 = 1) -> [Int] {
        let layout = Layout(candidates)
        let (cross, rest) = candidates.indices.reduce(into: ([Int](), [Int]())) { parts, index in
            let (row, column) = layout.place(of: candidates[index])
            if row == 0 || column == 0 { parts.0.append(index) } else { parts.1.append(index) }
        }
        var random = SeededGenerator(seed: seed)
        return (cross + rest.shuffled(using: &random).prefix(max(2, rest.count / 5))).sorted()
    }

    /// The rows and columns of candidates, in order of appearance.
    private struct Layout {
        private struct Row: Hashable {
            var recognizer: String
            var task: String?
        }

        private var rows: [Row: Int] = [:]
        private var columns: [Setting: Int] = [:]

        init(_ candidates: [Candidate]) {
            for candidate in candidates {
                let row = Row(recognizer: candidate.recognizer, task: candidate.task)
                if rows[row] == nil { rows[row] = rows.count }
                if columns[candidate.setting] == nil { columns[candidate.setting] = columns.count }
            }
        }

        var emptyCells: [[Double?]] {
            [[Double?]](repeating: [Double?](repeating: nil, count: columns.count), count: rows.count)
        }

        func row(of candidate: Candidate) -> Int {
            rows[Row(recognizer: candidate.recognizer, task: candidate.task)] ?? 0
        }

        func place(of candidate: Candidate) -> (row: Int, column: Int) {
            (row(of: candidate), columns[candidate.setting] ?? 0)
        }
    }
}

/// How times scatter around their median: the middle candidate's figures, relative to it.
private struct TimeShape {
    private let relative: [CandidateProfile]

    init(_ measured: [CandidateProfile]) { relative = measured.filter { $0.time.median > 0 } }

    func statistics(median: Double) -> TimeStatistics {
        func figure(_ path: KeyPath<TimeStatistics, Double>) -> Double {
            let ratios = relative.map { $0.time[keyPath: path] / $0.time.median }.sorted()
            return median * (ratios.isEmpty ? 1 : ratios[ratios.count / 2])
        }
        return TimeStatistics(
            runs: 0, median: median, mean: figure(\.mean), minimum: figure(\.minimum), p90: figure(\.p90),
            p95: figure(\.p95), p99: figure(\.p99), maximum: figure(\.maximum),
            standardDeviation: figure(\.standardDeviation))
    }
}
