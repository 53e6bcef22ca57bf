import Alert
import Machine
import Media
import Units

/// Measures what each candidate takes on this machine while nothing else is asked of it.
struct Profiler {
    /// A median is stable when those of the first and the second half of the runs differ by no more than this share.
    var tolerance = 0.03

    /// What sets the machine as a candidate wants it; without it those that want something cannot be measured.
    let power: PowerControl?

    /// The runs of one candidate.
    private struct Series {
        /// How long each run took, to its end.
        var times: [Duration] { stages.map { $0[$0.count - 1] } }
        /// When each stage of each run had answered.
        var stages: [[Duration]] = []
        var energy = Joules.zero
        /// About how long a run takes, from the first on.
        var typical = Duration.zero

        init() {}

        init(_ runs: UnfinishedRuns.Runs) {
            stages = runs.milliseconds.map { $0.map { .seconds($0 * 1e-3) } }
            energy = runs.energy
        }
    }

    /// Measuring was stopped; here is what there is.
    struct Stop: Error {
        var runs: [UnfinishedRuns.Runs]
    }

    /// Measures `candidates`, taking turns so that a disturbance of the machine falls on all of them alike.
    ///
    /// - Parameters:
    ///   - candidates: Indices into the set's candidates.
    ///   - earlier: Runs of some of them, to go on from.
    ///   - isStopped: Whether to stop; asked after each run.
    ///   - onProgress: Called after each round, with how far it is.
    ///   - notice: Told of each candidate that cannot run here, and why; it is left out.
    /// - Returns: One profile for each candidate that runs, in the same order, and the runs behind them.
    /// - Throws: What one of them failed with, where none runs; `Stop` when it is stopped.
    func measure(
        _ candidates: [Int], of recognizers: any MeasurableCandidates, meter: any EnergyMeter,
        from earlier: [UnfinishedRuns.Runs] = [], isStopped: () -> Bool = { false },
        onProgress: (ProfilingProgress) -> Void, notice: (String) -> Void
    ) throws -> (profiles: [CandidateProfile], runs: [UnfinishedRuns.Runs]) {
        let allowedRuns = recognizers.measuredRuns
        var series = candidates.map { candidate in
            let stages = recognizers.expectedAccuracies(of: candidate).count
            return earlier.first { $0.candidate == recognizers.candidates[candidate] && $0.isPlausible(stages: stages) }
                .map(Series.init) ?? Series()
        }
        func runs() -> [UnfinishedRuns.Runs] {
            candidates.indices.map {
                UnfinishedRuns.Runs(
                    candidate: recognizers.candidates[candidates[$0]],
                    milliseconds: series[$0].stages.map { $0.map(\.milliseconds) },
                    energy: series[$0].energy)
            }
        }
        var failures: [Int: any Error] = [:]
        // What one processor makes of one graph must not keep the others from being measured.
        func attempt(_ place: Int, _ work: () throws -> Void) {
            do { try work() } catch {
                failures[place] = error
                notice(
                    "\(recognizers.candidates[candidates[place]].name) is left out, as it does not run here: \(error)")
            }
        }
        onProgress(ProfilingProgress(share: 0))
        // One power setting after the other, so that the machine changes its own once a round.
        let powers = candidates.map { recognizers.candidates[$0].setting.power }
        let turns = powers.withoutRepeats().flatMap { power in candidates.indices.filter { powers[$0] == power } }
        for place in turns where !isStable(series[place].times, within: allowedRuns) {
            let candidate = candidates[place]
            attempt(place) {
                try settle(recognizers.candidates[candidate])
                recognizers.loadForMeasuring(candidate)
                // So that caches, allocators and clocks settle.
                for _ in 0..<max(1, allowedRuns.lowerBound / 8) {
                    series[place].typical = try recognizers.measure(candidate).last ?? .zero
                }
            }
            if isStopped() { throw Stop(runs: runs()) }
        }
        var unfinished = turns.filter {
            failures[$0] == nil && !isStable(series[$0].times, within: allowedRuns)
        }
        while !unfinished.isEmpty {
            for place in unfinished {
                attempt(place) {
                    try settle(recognizers.candidates[candidates[place]])
                    let before = meter.read()
                    let times = try recognizers.measure(candidates[place])
                    series[place].energy += meter.read() - before
                    series[place].stages.append(times)
                }
                if isStopped() { throw Stop(runs: runs()) }
            }
            unfinished = unfinished.filter { failures[$0] == nil && !isStable(series[$0].times, within: allowedRuns) }
            onProgress(progress(of: series, unfinished, of: allowedRuns.upperBound))
        }
        var profiles: [CandidateProfile] = []
        for place in candidates.indices where failures[place] == nil {
            attempt(place) {
                try settle(recognizers.candidates[candidates[place]])
                profiles.append(try profile(of: candidates[place], from: series[place], recognizers))
            }
        }
        // What follows is measured of the machine as it was found; one that cannot be put back is told of at the end.
        if let wait = try? power?.apply(nil) { (MonotonicTime.now() + wait).sleep() }
        if profiles.isEmpty, let failure = failures.values.first { throw failure }
        return (profiles, runs())
    }

    private func profile(
        of candidate: Int, from series: Series, _ recognizers: any MeasurableCandidates
    ) throws -> CandidateProfile {
        let time = TimeStatistics(samples: series.times)
        let accuracies = recognizers.expectedAccuracies(of: candidate)
        let stages = accuracies.indices.map { stage in
            StageProfile(
                time: TimeStatistics(samples: series.stages.map { $0[stage] }), accuracy: accuracies[stage])
        }
        return CandidateProfile(
            candidate: recognizers.candidates[candidate], time: time,
            growth: try recognizers.growth(of: candidate, time: .seconds(time.median * 1e-3)),
            power: series.energy / series.times.reduce(.zero, +),
            accuracy: accuracies.last ?? 0, stages: stages.count > 1 ? stages : [],
            settleTime: power?.settleTime(named: recognizers.candidates[candidate].setting.power) ?? .zero)
    }

    /// Sets the machine as a candidate wants it, and waits until it follows.
    private func settle(_ candidate: Candidate) throws {
        guard power != nil || candidate.setting.power == nil else {
            throw PipelinesError(.badProfile, "a power setting is measured where it can be set; run `heed profile`")
        }
        guard let wait = try power?.apply(named: candidate.setting.power), wait > .zero else { return }
        (MonotonicTime.now() + wait).sleep()
    }

    /// What the machine draws while it waits, over a tenth of a second.
    func measureIdlePower(meter: any EnergyMeter) -> Watts {
        let start = (time: MonotonicTime.now(), energy: meter.read())
        (start.time + .milliseconds(100)).sleep()
        return (meter.read() - start.energy) / (MonotonicTime.now() - start.time)
    }

    /// The share of all time that is spent, were the unfinished ones to run as often as they may.
    private func progress(of series: [Series], _ unfinished: [Int], of runs: Int) -> ProfilingProgress {
        let done = series.reduce(Duration.zero) { $0 + $1.typical * $1.times.count }
        let left = unfinished.reduce(Duration.zero) { $0 + series[$1].typical * (runs - series[$1].times.count) }
        guard left > .zero else { return ProfilingProgress(share: unfinished.isEmpty ? 1 : 0.99, timeLeft: .zero) }
        return ProfilingProgress(share: done / (done + left), timeLeft: left)
    }

    private func isStable(_ times: [Duration], within runs: ClosedRange<Int>) -> Bool {
        guard times.count >= runs.lowerBound else { return false }
        guard times.count < runs.upperBound else { return true }
        let half = times.count / 2
        let first = Self.median(times[..<half])
        let second = Self.median(times[half...])
        return abs(first - second) <= tolerance * max(first, second)
    }

    private static func median(_ times: ArraySlice<Duration>) -> Double { times.sorted()[times.count / 2].seconds }
}
