import Units

/// Profiles of candidates that were not measured, estimated from those that were.
///
/// Times and powers are those of a `LogAdditiveTable` with a row for each recogniser and task and a column for each
/// setting. How much a setting helps depends on the recogniser's kind, bf16 not at all where numbers are int8: so each
/// kind has a table of its own. How times scatter around their median, and how they grow with size, is taken from the
/// measured ones.
public struct ProfileEstimate: Sendable {
    /// The estimated profiles, in the order asked for; their accuracy is for the caller to fill in.
    public let candidates: [CandidateProfile]
    /// By which share the median time of each measured candidate is missed when it is left out of the estimate, where
    /// the others suffice to make one.
    public let errors: [Double]

    /// Estimates the profiles of `missing` from those of `measured`.
    ///
    /// - Parameter kinds: Each recogniser's kind, by name; those without one are of one kind.
    /// - Throws: `AlertError` with code `invalidProfile` when there are too few measured ones, or their figures make no
    ///   sense.
    public init(
        of missing: [Candidate], from measured: [CandidateProfile], kinds: [String: String] = [:]
    ) throws(AlertError) {
        var estimated: [Candidate: CandidateProfile] = [:]
        var errors: [Double] = []
        for (kind, missing) in Self.groups(missing, kinds) {
            let alike = measured.filter { kinds[$0.candidate.recognizer] == kind }
            let (profiles, missed) = try Self.estimate(missing, from: alike)
            for profile in profiles { estimated[profile.candidate] = profile }
            errors += missed
        }
        candidates = missing.compactMap { estimated[$0] }
        self.errors = errors
    }

    /// Which candidates to measure so that the others can be estimated, and the estimate checked: of each kind one
    /// recogniser with all settings, all with one setting, and of the rest one in five, drawn with `seed`, among them
    /// one for each processor and precision.
    public static func sample(
        of candidates: [Candidate], kinds: [String: String] = [:], seed: UInt64 = 1
    ) -> [Int] {
        var random = SeededGenerator(seed: seed)
        var sample: Set<Candidate> = []
        for (_, group) in groups(candidates, kinds) {
            let layout = Layout(group)
            let (cross, rest) = group.reduce(into: ([Candidate](), [Candidate]())) { parts, candidate in
                let (row, column) = layout.place(of: candidate)
                if row == 0 || column == 0 { parts.0.append(candidate) } else { parts.1.append(candidate) }
            }
            var checked: Set<Computation> = []
            let shuffled = rest.shuffled(using: &random)
            let checks = shuffled.filter { checked.insert(Computation($0.setting)).inserted }
            let more = shuffled.filter { !checks.contains($0) }.prefix(max(0, max(2, rest.count / 5) - checks.count))
            sample.formUnion(cross + checks + more)
        }
        return candidates.indices.filter { sample.contains(candidates[$0]) }
    }

    /// Those of `missing` that cannot be estimated, since of their kind nothing was measured with their setting, or
    /// nothing of their recogniser and task.
    public static func unreachable(
        _ missing: [Candidate], from measured: [CandidateProfile], kinds: [String: String] = [:]
    ) -> [Candidate] {
        missing.filter { candidate in
            let alike = measured.map(\.candidate).filter { kinds[$0.recognizer] == kinds[candidate.recognizer] }
            return !alike.contains { $0.setting == candidate.setting }
                || !alike.contains { $0.recognizer == candidate.recognizer && $0.task == candidate.task }
        }
    }

    /// Candidates by kind, kinds in the order of their names.
    private static func groups(
        _ candidates: [Candidate], _ kinds: [String: String]
    ) -> [(kind: String?, candidates: [Candidate])] {
        Dictionary(grouping: candidates) { kinds[$0.recognizer] }
            .sorted { ($0.key ?? "") < ($1.key ?? "") }.map { ($0.key, $0.value) }
    }

    /// Candidates of one kind, and by which shares measured ones are missed.
    private static func estimate(
        _ missing: [Candidate], from measured: [CandidateProfile]
    ) throws(AlertError) -> ([CandidateProfile], errors: [Double]) {
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
        let profiles = missing.map { candidate in
            let (row, column) = layout.place(of: candidate)
            let alike = measured.filter { layout.row(of: $0.candidate) == row }
            let growth = alike.reduce(0) { $0 + $1.growth } / Double(max(alike.count, 1))
            let median = medians[row, column]
            return CandidateProfile(
                candidate: candidate, time: shape.statistics(median: median), growth: growth,
                power: Watts(powers[row, column]), accuracy: 0,
                stages: stages(like: alike, median: median, shape), isMeasured: false)
        }
        return (
            profiles, LogAdditiveTable.leaveOutErrors(of: times, at: measured.map { layout.place(of: $0.candidate) })
        )
    }

    /// Stages that come at the same shares of the whole time as those of measured candidates of the same recogniser.
    private static func stages(
        like measured: [CandidateProfile], median: Double, _ shape: TimeShape
    ) -> [StageProfile] {
        guard let first = measured.first else { return [] }
        return first.stages.indices.map { stage in
            let shares = measured.map { $0.stages[stage].time.median / $0.time.median }
            let share = stage == first.stages.count - 1 ? 1 : shares.reduce(0, +) / Double(shares.count)
            return StageProfile(time: shape.statistics(median: median * share), accuracy: 0)
        }
    }
}

/// How a setting computes, threads and power aside.
private struct Computation: Hashable {
    var processor: String
    var precision: String?

    init(_ setting: Setting) { (processor, precision) = (setting.processor, setting.precision) }
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
